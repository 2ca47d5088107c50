#!/bin/sh
# Puts a dump into a new, empty database, all of it or nothing. Roles are the server's and in no dump: they are made where they are not there,
# and can sign in once it is migrated (dist/migrate.js), which comes next.
#
#   NEW_URL=postgresql://postgres:…@db:5432/meldesync deploy/backup/restore-dump.sh FILE
#
# NEW_URL: the empty database, as a superuser.
set -eu
file=${1:?"give the file of dump.sh"}
: "${NEW_URL:?"is the empty database, as a superuser"}"
. "$(dirname "$0")/address.sh"
hide_password "$NEW_URL"

tables=$(psql "$address" --no-password -Atc "select count(*) from pg_class join pg_namespace on pg_namespace.oid = relnamespace
  where nspname = 'public'")
[ "$tables" = 0 ] || { echo "the database is not empty" >&2; exit 78; }
for role in app worker relay auditor; do
  psql "$address" --no-password --quiet -v ON_ERROR_STOP=1 -c "do \$\$ begin
    create role meldesync_$role;
  exception when duplicate_object then null;
  end \$\$"
done
pg_restore --exit-on-error --single-transaction --no-owner --no-password --dbname="$address" "$file"
echo "restored; now migrate (dist/migrate.js), and start the processes with the new address"
