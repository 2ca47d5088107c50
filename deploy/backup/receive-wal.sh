#!/bin/sh
# Keeps the log of a running PostgreSQL in a folder on another disk, byte for byte as it is written, until it is ended (SIGINT). A slot keeps
# for it what it has not got yet: watch its disk, and drop the slot when it is given up for good
# (select pg_drop_replication_slot('meldesync_backup')).
#
#   BACKUP_URL=postgresql://backup@db:5432/postgres deploy/backup/receive-wal.sh FOLDER
#
# BACKUP_URL: a role with REPLICATION (or a superuser), without its password, which the list of processes would show: that is in ~/.pgpass, or
# BACKUP_URL=postgresql:///postgres as the user postgres, who needs none. Begin it before the first base backup, and run it as a service that
# starts it again: it ends with the server, and makes the slot anew where that is gone, as after a restore.
set -eu
folder=${1:?"give the folder that keeps the log"}
: "${BACKUP_URL:?"is the server, as a role with REPLICATION"}"
. "$(dirname "$0")/address.sh"
hide_password "$BACKUP_URL"
slot=${BACKUP_SLOT:-meldesync_backup}

# It holds what people entered, and is nobody else's to read.
umask 077
mkdir -p "$folder"
pg_receivewal --dbname="$address" --slot="$slot" --create-slot --if-not-exists --no-password
exec pg_receivewal --no-loop --dbname="$address" --slot="$slot" --directory="$folder" --synchronous --no-password
