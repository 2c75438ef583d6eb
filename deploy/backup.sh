#!/bin/sh
# Writes all that Roster keeps into one file, while it runs: deploy/backup.sh roster.dump
# POSTGRES says how PostgreSQL's programs are run: `docker compose exec -T postgres` unless set; in Kubernetes
# `kubectl -n roster exec -i postgres-0 --`; for a server elsewhere `env`, with PGHOST, PGUSER and PGPASSWORD.
set -eu
file=${1:?the file to write}
postgres=${POSTGRES:-docker compose exec -T postgres}
$postgres pg_dump --username="${PGUSER:-postgres}" --format=custom "${DATABASE_NAME:-roster}" >"$file.partial"
mv "$file.partial" "$file"
echo "written: $file ($(wc -c <"$file") bytes)"
