#!/bin/sh
# Makes, from a base backup and the log, the data folder of a PostgreSQL that stands where it stood at a moment. It is started by whoever
# starts PostgreSQL here; it then reads the log up to that moment and takes edits.
#
#   deploy/backup/restore-to-time.sh BASE_FOLDER WAL_FOLDER NEW_DATA_FOLDER '2026-11-30 12:34:56+01'
#
# Run it as the user that PostgreSQL runs as. Both folders are only read.
set -eu
base=${1:?"give the folder of base-backup.sh"}
wal=$(cd "${2:?"give the folder of receive-wal.sh"}" && pwd)
data=${3:?"give a data folder that is not there yet"}
time=${4:?"give a moment, with its offset from UTC"}
[ ! -e "$data" ] || { echo "$data is there already" >&2; exit 78; }
case "$wal$time" in *\'*) echo "no quotes in folders and moments, please" >&2; exit 78 ;; esac

cp -a "$base" "$data"
chmod 700 "$data"
# The last piece of the log is not full yet, and has another name.
cat >> "$data/postgresql.auto.conf" << CONF
restore_command = 'if [ -f "$wal/%f" ]; then cp "$wal/%f" "%p"; else cp "$wal/%f.partial" "%p"; fi'
recovery_target_time = '$time'
recovery_target_action = 'promote'
CONF
touch "$data/recovery.signal"
echo "$data: start PostgreSQL on it"
