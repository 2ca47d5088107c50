#!/bin/bash
# meldesync-set-up [EMAIL]: prints the link by which the installation is set up, once, or lets EMAIL in again as administrator.
# As root; the program itself runs as the nodes do, and is handed the database's address by its environment, which nobody else sees.
set -euo pipefail

SETTINGS=/etc/meldesync
[[ $(id -u) == 0 ]] || { echo 'meldesync-set-up: must be run as root' >&2; exit 1; }
# As systemd hands it to the nodes: the last one counts, quoted or not.
base_url=$({ cat "$SETTINGS/meldesync.env"; cat "$SETTINGS/node.env" 2>/dev/null || true; } |
  sed -n 's/^BASE_URL=//p' | tail -n 1 | tr -d "\"'[:space:]")
DATABASE_URL=$(<"$SETTINGS/credentials/node/AUTH_DATABASE_URL")
export DATABASE_URL BASE_URL="$base_url"
exec setpriv --reuid=meldesync-node --regid=meldesync-node --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \
  /opt/meldesync/node /opt/meldesync/current/dist/set-up.js "$@"
