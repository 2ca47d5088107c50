#!/bin/sh
# Starts what the first argument names; what follows goes to it. It replaces this shell, so that signals reach it.
set -eu

role=${1:-}
[ $# -eq 0 ] || shift
# A container's name is that of its process in logs and metrics, where no other is given.
[ -n "${NODE_NAME:-}" ] || [ -z "${HOSTNAME:-}" ] || export NODE_NAME="$HOSTNAME"

# A worker makes no folder: another one may be a mount that is away. This one lies in the volume, which may be older than it.
if [ "$role" = worker ] && [ "${AUDIT_ARCHIVE_FOLDER:-}" = /var/lib/meldesync/archive ]; then
  [ -d "$AUDIT_ARCHIVE_FOLDER" ] || mkdir -m 700 "$AUDIT_ARCHIVE_FOLDER" || true
fi

case $role in
  node) exec node --enable-source-maps /app/sync-node.js "$@" ;;
  relay) exec node --enable-source-maps /app/relay.js "$@" ;;
  worker) exec node --enable-source-maps --import /app/instrument.js /app/worker.js "$@" ;;
  migrate | set-up | seed-demo | cli) exec node --enable-source-maps "/app/$role.js" "$@" ;;
  health) exec node /app/health.mjs "$@" ;;
  *)
    echo "meldesync: the first argument must be one of node, relay, worker, migrate, set-up, seed-demo, cli, health" >&2
    exit 64
    ;;
esac
