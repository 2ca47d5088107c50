#!/bin/sh
# meldesync: the terminal client, as installed beside the services.
exec /opt/meldesync/node /opt/meldesync/current/dist/cli.js "$@"
