#!/bin/sh
# Brings a file of deploy/backup.sh back into an empty server: deploy/restore.sh roster.dump
# The services must not run yet; `migrate` (docker compose up does it) then gives the roles their passwords. POSTGRES: as for the backup.
set -eu
file=${1:?the file to read}
postgres=${POSTGRES:-docker compose exec -T postgres}
user=${PGUSER:-postgres}
database=${DATABASE_NAME:-roster}
ask() { $postgres psql --username="$user" --dbname="$1" --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --command="$2"; }

[ -s "$file" ] || { echo "$file is empty or not there" >&2; exit 1; }
if [ -n "$(ask postgres "select 1 from pg_database where datname = '$database'")" ]; then
  [ -z "$(ask "$database" "select 1 from pg_tables where schemaname not in ('pg_catalog', 'information_schema') limit 1")" ] || {
    echo "the database $database has tables already: nothing is put over them" >&2
    exit 1
  }
else
  ask postgres "create database \"$database\""
fi
for role in directory keys notifier; do
  [ -n "$(ask postgres "select 1 from pg_roles where rolname = '$role'")" ] || ask postgres "create role \"$role\""
done
# All or nothing, with every table owned by its service's role as it was.
$postgres pg_restore --username="$user" --dbname="$database" --single-transaction --exit-on-error <"$file"
echo "restored: $database"
