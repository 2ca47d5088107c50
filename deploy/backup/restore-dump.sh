#!/bin/sh
# Puts a dump into a new, empty database, all of it or nothing. Roles are the server's and in no dump: those of the programs are made where they
# are not there, and can sign in once it is migrated (dist/migrate.js), which comes next. All of it belongs to who owns the database, so that
# they can migrate it: create it with the owner that it had (create database meldesync owner meldesync); another one is refused.
#
#   NEW_URL=postgresql://postgres:…@db:5432/meldesync deploy/backup/restore-dump.sh FILE
#
# NEW_URL: the empty database, as a superuser.
set -eu
file=${1:?"give the file of dump.sh"}
: "${NEW_URL:?"is the empty database, as a superuser"}"
[ -r "$file" ] || { echo "$file cannot be read by $(id -un)" >&2; exit 78; }
. "$(dirname "$0")/address.sh"
hide_password "$NEW_URL"

ask() { psql "$address" --no-password --quiet -v ON_ERROR_STOP=1 -Atc "$1"; }
tables=$(ask "select count(*) from pg_class join pg_namespace on pg_namespace.oid = relnamespace where nspname = 'public'")
[ "$tables" = 0 ] || { echo "the database is not empty" >&2; exit 78; }
owner=$(ask "select pg_get_userbyid(datdba) from pg_database where datname = current_database()")
for role in app auth worker relay auditor; do
  # By the owner: who makes a role is who may give it a password.
  ask "set role \"$owner\"; do \$\$ begin
    create role meldesync_$role;
  exception when duplicate_object then null;
  end \$\$"
done
pg_restore --exit-on-error --single-transaction --no-owner --role="$owner" --no-password --dbname="$address" "$file"
# A slot is of one database. A copy to look at needs none.
other=$(ask "select database from pg_replication_slots where slot_name = 'meldesync' and database <> current_database()")
[ -z "$other" ] || echo "before relays start on it: the slot is still of $other: select pg_drop_replication_slot('meldesync')"
echo "restored; now migrate (dist/migrate.js), and start the processes with the new address"
