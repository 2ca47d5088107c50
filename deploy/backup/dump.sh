#!/bin/sh
# Dumps the database into a file that pg_restore reads, beside the running service.
#
#   OWNER_URL=postgresql://owner@db:5432/meldesync deploy/backup/dump.sh FILE
#
# OWNER_URL: the database, as who migrated it, or a superuser; without a password, which the list of processes would show: that is in ~/.pgpass,
# or OWNER_URL=postgresql:///meldesync as the user postgres, who needs none. The programs are of the server's version or newer.
set -eu
file=${1:?"give the file"}
: "${OWNER_URL:?"is the database, as who migrated it"}"
. "$(dirname "$0")/address.sh"
hide_password "$OWNER_URL"

# It holds what people entered, and is nobody else's to read. Whole or not at all: a file of that name is a dump.
umask 077
trap 'rm -f "$file.part"' EXIT
pg_dump --format=custom --no-password --file="$file.part" "$address"
pg_restore --list "$file.part" > /dev/null
mv "$file.part" "$file"
echo "$file: dump"
