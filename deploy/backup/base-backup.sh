#!/bin/sh
# Takes a base backup of a running PostgreSQL into a new folder, and checks it. With what receive-wal.sh keeps it is put back
# as of any moment after its end.
#
#   BACKUP_URL=postgresql://backup@db:5432/postgres deploy/backup/base-backup.sh FOLDER
#
# BACKUP_URL: a role with REPLICATION (or a superuser), without its password, which the list of processes would show: that is in ~/.pgpass, or
# BACKUP_URL=postgresql:///postgres as the user postgres, who needs none. The programs are those of the server's major version, on the PATH.
set -eu
folder=${1:?"give a folder that is not there yet"}
: "${BACKUP_URL:?"is the server, as a role with REPLICATION"}"
. "$(dirname "$0")/address.sh"
hide_password "$BACKUP_URL"
[ ! -e "$folder" ] || { echo "$folder is there already" >&2; exit 78; }

# The log that is written meanwhile comes along, so that this folder alone can be started too.
pg_basebackup --dbname="$address" --pgdata="$folder" --format=plain --wal-method=stream --checkpoint=fast --no-password
# Debian has it beside the server alone.
PATH="$PATH:/usr/lib/postgresql/$(cat "$folder/PG_VERSION")/bin"
pg_verifybackup --quiet "$folder"
echo "$folder: base backup, checked"
