#!/bin/sh
# Makes the secrets of the overlay `dev` with new passwords; what is there already stays as it is.
#   deploy/kubernetes/make-secrets.sh [kubectl and its options]
set -eu
kubectl=${*:-kubectl}
namespace=roster

secret() { # name, role, database
  if $kubectl -n "$namespace" get secret "$1" >/dev/null 2>&1; then return; fi
  password=$(od -An -vtx1 -N24 /dev/urandom | tr -d ' \n')
  # Over standard input: what is an argument can be seen by everybody on the machine.
  printf 'apiVersion: v1\nkind: Secret\nmetadata: { name: %s, namespace: %s }\nstringData:\n  password: %s\n  url: postgres://%s:%s@postgres:5432/%s\n' \
    "$1" "$namespace" "$password" "$2" "$password" "$3" | $kubectl apply -f -
}

secret roster-admin-database postgres postgres
for service in directory keys notifier; do secret "roster-$service-database" "$service" roster; done
