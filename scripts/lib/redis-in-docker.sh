#!/bin/sh
# A redis-server for machines that have only Docker: takes the server's arguments, uses the machine's own network and
# sees the folders that the data, the configuration and the tests' files are in, under their own names.
set -eu

checkout=$(cd "$(dirname "$0")/../.." && pwd)
exec docker run --rm --init --network host --user "$(id -u):$(id -g)" \
  --volume "$checkout:$checkout" --volume /tmp:/tmp ${DATA_DIR:+--volume "$DATA_DIR:$DATA_DIR"} \
  --workdir "$PWD" --entrypoint redis-server redis:7-bookworm "$@"
