#!/bin/bash
# Installs MeldeSync as services of systemd, or a newer release over an older one: run it again. It starts nothing that was not set up
# before, downloads nothing and asks nothing; secrets are made here or put into files by you, never on the command line.
#
#   install.sh [OPTION…] RELEASE.tar.gz     install, or upgrade
#   install.sh [OPTION…] --uninstall        take away programs and services; settings and secrets stay
#
#   --base-url URL      the address that people open (first time only; later in /etc/meldesync/meldesync.env)
#   --database ADDRESS  host:port/name of PostgreSQL (first time only; 127.0.0.1:5432/meldesync)
#   --redis ADDRESS     host:port of Redis or Valkey (first time only; 127.0.0.1:6379)
#   --nodes N --relays N --workers N        how many of each: 1 to 9 (3, 2, 2; later as many as there are)
#   --node PATH         Node.js (/usr/bin/node)
#   --root DIR          install into the Debian in this folder instead of this machine
#   --dry-run           only say what would be done
#   --purge             with --uninstall: settings and secrets too
set -euo pipefail
umask 022

PROGRAMS=/opt/meldesync
SETTINGS=/etc/meldesync
UNITS=/usr/local/lib/systemd/system
KINDS=(node relay worker)

root=
dry_run=no
uninstall=no
purge=no
node=/usr/bin/node
base_url=
database=127.0.0.1:5432/meldesync
redis=127.0.0.1:6379
declare -A count=()
declare -A usual=([node]=3 [relay]=2 [worker]=2)
archive=

say() { printf '%s\n' "$*"; }
fail() { printf 'install.sh: %s\n' "$*" >&2; exit 1; }

# Does it, or says it with --dry-run.
run() {
  if [[ $dry_run == yes ]]; then
    printf 'would run:'; printf ' %q' "$@"; printf '\n'
  else
    "$@"
  fi
}

# Writes standard input to a file of the target: its owner, its mode, whole or not at all.
write() {
  local file=$1 mode=$2 owner=$3
  if [[ $dry_run == yes ]]; then
    cat >/dev/null; say "would write: $file ($mode $owner)"
    return
  fi
  (umask 077; cat >"$root$file.new")
  chown "$owner" "$root$file.new"
  chmod "$mode" "$root$file.new"
  mv -f "$root$file.new" "$root$file"
}

# A command inside the target.
inside() {
  if [[ -z $root ]]; then "$@"; else chroot "$root" "$@"; fi
}

# Whether the target is the machine that runs here under systemd.
is_live() { [[ -z $root && -d /run/systemd/system ]]; }

parse_arguments() {
  while (($# > 0)); do
    case $1 in
      --base-url) base_url=${2:?--base-url needs an address}; shift ;;
      --database) database=${2:?--database needs an address}; shift ;;
      --redis) redis=${2:?--redis needs an address}; shift ;;
      --node) node=${2:?--node needs a path}; shift ;;
      --root) root=${2:?--root needs a folder}; shift ;;
      --nodes | --relays | --workers)
        local kind=${1#--}
        [[ ${2-} =~ ^[1-9]$ ]] || fail "$1 must be a number from 1 to 9"
        count[${kind%s}]=$2; shift ;;
      --dry-run) dry_run=yes ;;
      --uninstall) uninstall=yes ;;
      --purge) purge=yes ;;
      -h | --help) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0"; exit 0 ;;
      -*) fail "unknown option $1; --help lists them" ;;
      *) [[ -z $archive ]] || fail "one release at a time: $archive, $1"; archive=$1 ;;
    esac
    shift
  done
  root=${root%/}
  [[ -z $root || -d $root ]] || fail "--root $root is no folder"
  [[ -z $root || $root == /* ]] || fail "--root must be an absolute path"
  [[ $purge == no || $uninstall == yes ]] || fail '--purge goes with --uninstall'
  [[ $base_url =~ ^(https?://[A-Za-z0-9.:-]+|)$ ]] || fail '--base-url must be an address such as https://meldesync.example, without a path'
  [[ $database =~ ^[][A-Za-z0-9.:-]+/[A-Za-z0-9_-]+$ ]] || fail '--database must be host:port/name, without user and password'
  [[ $redis =~ ^[][A-Za-z0-9.:-]+$ ]] || fail '--redis must be host:port, without password'
}

require_root() {
  [[ $dry_run == yes || $(id -u) == 0 ]] || fail 'must be run as root (--dry-run need not)'
}

require_systemd() {
  command -v systemctl >/dev/null || fail 'systemd is missing here (systemctl)'
  local version
  version=$(inside systemctl --version | sed -n '1s/^systemd \([0-9]*\).*/\1/p') || true
  [[ ${version:-0} -ge 252 ]] || fail "systemd ${version:-?} is too old: 252 or newer is needed (Debian 12)"
}

# The oldest that the release names: numbers compared part by part.
require_node() {
  local oldest=$1 found
  [[ -x $root$node || -L $root$node ]] || fail "Node.js is missing: $node. On Debian 13: apt-get install nodejs; elsewhere --node PATH"
  found=$(inside "$node" --version 2>&1) || fail "$node does not run: $found"
  found=${found%%$'\n'*}
  [[ $found =~ ^v[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "$node is not Node.js: it says that it is $found"
  [[ $(printf '%s\n%s\n' "$oldest" "${found#v}" | sort -V | head -n 1) == "$oldest" ]] ||
    fail "$node is Node.js $found, and MeldeSync needs $oldest or newer"
  # Ours runs as another user, who sees no home.
  [[ $node != /root/* && $node != /home/* ]] || fail "$node is in a home, which the services do not see: install Node.js for all users"
  say "Node.js $found"
}

# As many as were asked for, else as there are: an upgrade takes nobody's fourth node away.
count_processes() {
  local kind installed
  for kind in "${KINDS[@]}"; do
    installed=$(enabled | sed -n "s/^meldesync-$kind@\([1-9]\).*/\1/p" | sort | tail -n 1)
    : "${count[$kind]:=${installed:-${usual[$kind]}}}"
  done
}

# The release's name, after a look at what the archive is.
read_release() {
  [[ -n $archive ]] || fail 'which release? RELEASE.tar.gz is missing; --help shows how'
  [[ -r $archive ]] || fail "$archive cannot be read"
  if [[ -r $archive.sha256 ]]; then
    (cd "$(dirname "$archive")" && sha256sum --check --quiet "$(basename "$archive").sha256") ||
      fail "$archive is not what its .sha256 says: copy it again"
  fi
  local first
  first=$(tar -tzf "$archive" 2>/dev/null | head -n 1) || true
  release=${first%%/*}
  [[ $release =~ ^meldesync-[0-9][A-Za-z0-9.-]*$ ]] || fail "$archive is no release of MeldeSync"
}

install_users() {
  run install -D -m 644 "$here/sysusers.conf" "$root/usr/local/lib/sysusers.d/meldesync.conf"
  # Named: older versions of systemd do not look in /usr/local by themselves.
  run systemd-sysusers ${root:+--root="$root"} "$here/sysusers.conf"
}

# Unpacked beside the one that runs, and then put in its place in one step.
install_programs() {
  local folder=$root$PROGRAMS/releases
  run mkdir -p "$folder"
  if [[ ! -e $folder/$release/RELEASE ]]; then
    run rm -rf "$folder/$release" "$folder/.unpacking"
    run mkdir "$folder/.unpacking"
    run tar -xzf "$archive" --no-same-owner -C "$folder/.unpacking"
    run mv "$folder/.unpacking/$release" "$folder/$release"
    run rmdir "$folder/.unpacking"
  fi
  before=$(readlink "$root$PROGRAMS/current" 2>/dev/null) || true
  before=${before##*/}
  point "$PROGRAMS/current" "releases/$release"
  point "$PROGRAMS/node" "$node"
  point /usr/local/bin/meldesync "$PROGRAMS/current/deploy/systemd/meldesync.sh"
  point /usr/local/sbin/meldesync-set-up "$PROGRAMS/current/deploy/systemd/set-up.sh"
}

# A link that is never missing while it changes.
point() {
  run mkdir -p "$(dirname "$root$1")"
  run ln -sfn "$2" "$root$1.new"
  run mv -fT "$root$1.new" "$root$1"
}

# Only the release before is kept, to go back to.
remove_old_programs() {
  local folder
  for folder in "$root$PROGRAMS/releases"/meldesync-*; do
    [[ -d $folder && ${folder##*/} != "$release" && ${folder##*/} != "$before" ]] && run rm -rf "$folder"
  done
  return 0
}

# An Ed25519 key is 32 random bytes behind what says so (RFC 8410), here as PKCS#8 in PEM.
signing_key() {
  echo '-----BEGIN PRIVATE KEY-----'
  { printf '\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20'; head -c 32 /dev/urandom; } | base64 | tr -d '\n'
  printf '\n-----END PRIVATE KEY-----'
}

random_word() { head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n'; }

# A secret that is there stays.
keep_secret() {
  local file=$SETTINGS/credentials/$1
  [[ -e $root$file ]] && return
  printf '%s\n' "$2" | write "$file" 600 root:root
}

install_settings() {
  run mkdir -p "$root$SETTINGS/credentials"/{migrate,node,relay,worker}
  if [[ ! -e $root$SETTINGS/meldesync.env ]]; then
    sed "s|^BASE_URL=\$|BASE_URL=$base_url|" "$here/meldesync.env" | write "$SETTINGS/meldesync.env" 640 root:root
  fi
  run install -D -m 644 "$here/tmpfiles.conf" "$root/usr/local/lib/tmpfiles.d/meldesync.conf"
  if [[ ! -e $root$SETTINGS/credentials/migrate/DATABASE_URL ]]; then make_secrets; fi
  # Installations of before get these too.
  keep_secret worker/AUDIT_SIGNING_KEY "$(signing_key)"
  make_auth_secrets
  run systemd-tmpfiles ${root:+--root="$root"} --create "$here/tmpfiles.conf"
}

# Passwords for roles of the database that do not exist yet. `migrate` gives the roles theirs; that of the owner of the tables is
# made by create-database.sql.
make_secrets() {
  local owner app relay worker
  owner=$(random_word); app=$(random_word); relay=$(random_word); worker=$(random_word)
  keep_secret migrate/APP_DB_PASSWORD "$app"
  keep_secret migrate/RELAY_DB_PASSWORD "$relay"
  keep_secret migrate/WORKER_DB_PASSWORD "$worker"
  keep_secret node/DATABASE_URL "postgres://meldesync_app:$app@$database"
  keep_secret node/AUTH_SECRET "$(random_word)"
  keep_secret relay/DATABASE_URL "postgres://meldesync_relay:$relay@$database"
  keep_secret worker/DATABASE_URL "postgres://meldesync_worker:$worker@$database"
  make_redis_users
  write "$SETTINGS/credentials/create-database.sql" 600 root:root <<SQL
-- Once, as a superuser of PostgreSQL:  runuser -u postgres -- psql < $SETTINGS/credentials/create-database.sql
create role meldesync login createrole replication password '$owner';
create database ${database##*/} owner meldesync;
-- Takes effect when PostgreSQL is restarted.
alter system set wal_level = logical;
SQL
  # At last: where it is missing, all of this is done again.
  keep_secret migrate/DATABASE_URL "postgres://meldesync:$owner@$database"
}

# The role that lets people in has the address of the nodes' other one.
make_auth_secrets() {
  local password address
  [[ -e $root$SETTINGS/credentials/node/AUTH_DATABASE_URL ]] && return
  password=$(random_word)
  address=$(sed -n '1s|^[^@]*@||p' "$root$SETTINGS/credentials/node/DATABASE_URL" 2>/dev/null) || true
  keep_secret migrate/AUTH_DB_PASSWORD "$password"
  keep_secret node/AUTH_DATABASE_URL "postgres://meldesync_auth:$password@${address:-$database}"
}

# A user of Redis for each process, as a file for Redis itself; `default`, who may everything there, gets a password too.
make_redis_users() {
  local kind password users
  password=$(random_word)
  keep_secret redis-owner-password "$password"
  users="s/@PREFIX@/meldesync/g; s/@DEFAULT@/$(sha256 "$password")/"
  for kind in "${KINDS[@]}"; do
    password=$(random_word)
    keep_secret "$kind/REDIS_URL" "redis://meldesync_$kind:$password@$redis"
    users+="; s/@${kind^^}@/$(sha256 "$password")/"
  done
  sed "$users" "$here/../redis/users.acl" | write "$SETTINGS/credentials/redis-users.acl" 600 root:root
}

sha256() { printf '%s' "$1" | sha256sum | cut -d ' ' -f 1; }

install_units() {
  local unit
  run mkdir -p "$root$UNITS/meldesync-.service.d"
  for unit in "$here"/units/*.service "$here"/units/*.target; do
    run install -m 644 "$unit" "$root$UNITS/${unit##*/}"
  done
  run install -m 644 "$here/units/meldesync-.service.d/hardening.conf" "$root$UNITS/meldesync-.service.d/hardening.conf"
  if is_live; then run systemctl daemon-reload; fi
  local unwanted
  mapfile -t unwanted < <(comm -23 <(enabled | sort) <(wanted | sort))
  if ((${#unwanted[@]} > 0)); then
    if is_live; then run systemctl stop "${unwanted[@]}"; fi
    run systemctl ${root:+--root="$root"} disable "${unwanted[@]}"
  fi
  local names
  mapfile -t names < <(wanted)
  run systemctl ${root:+--root="$root"} enable meldesync.target meldesync-migrate.service "${names[@]}"
}

# The units of nodes, relays and workers that are to run.
wanted() {
  local kind number
  for kind in "${KINDS[@]}"; do
    for ((number = 1; number <= count[$kind]; number++)); do say "meldesync-$kind@$number.service"; done
  done
}

# Those that run at the next start of the machine as it is.
enabled() {
  local link
  for link in "$root"/etc/systemd/system/meldesync.target.wants/meldesync-*@?.service; do
    [[ -L $link ]] && say "${link##*/}"
  done
  return 0
}

# Tables first, then who relays, then one node after the other: people are sent to those that run.
restart() {
  local unit units
  mapfile -t units < <(wanted | sort -t - -k 2,2r)
  run systemctl restart meldesync-migrate.service ||
    fail "the tables could not be brought up to date: journalctl -u meldesync-migrate. Nothing was restarted; the release before is in $PROGRAMS/releases/$before"
  for unit in "${units[@]}"; do
    run systemctl restart "$unit"
    wait_for "$unit"
  done
  run systemctl start meldesync.target
}

wait_for() {
  local number=${1##*@} kind=${1#meldesync-} port
  number=${number%.service}
  case ${kind%@*} in node) port=908$number ;; relay) port=918$number ;; *) port=928$number ;; esac
  if [[ $dry_run == yes ]]; then say "would wait: http://127.0.0.1:$port/readyz"; return; fi
  "$PROGRAMS/node" "$here/wait-ready.mjs" "http://127.0.0.1:$port/readyz" ||
    fail "$1 is not ready within a minute: journalctl -u $1. Nothing further was restarted; the release before is in $PROGRAMS/releases/$before"
}

take_away() {
  local names name
  name=$(sed -n '1s|.*/||p' "$root$SETTINGS/credentials/migrate/DATABASE_URL" 2>/dev/null) || true
  name=${name:-${database##*/}}
  mapfile -t names < <(enabled)
  if [[ -e $root$UNITS/meldesync.target ]]; then
    # The target alone would not wait for those that end.
    if is_live; then run systemctl stop meldesync.target meldesync-migrate.service "${names[@]}"; fi
    run systemctl ${root:+--root="$root"} disable meldesync.target meldesync-migrate.service "${names[@]}"
  fi
  run rm -rf "$root$UNITS"/meldesync{.target,-migrate.service,-node@.service,-relay@.service,-worker@.service,-.service.d}
  run rm -f "$root/usr/local/lib/sysusers.d/meldesync.conf" "$root/usr/local/lib/tmpfiles.d/meldesync.conf"
  run rm -f "$root/usr/local/bin/meldesync" "$root/usr/local/sbin/meldesync-set-up"
  run rm -rf "$root$PROGRAMS"
  if [[ $purge == yes ]]; then run rm -rf "$root$SETTINGS"; fi
  if is_live; then run systemctl daemon-reload; fi
  say "Taken away. $([[ $purge == yes ]] || say "$SETTINGS stays (--purge). ")The database, and the users meldesync-*, stay."
  # Nobody reads it any more, and PostgreSQL would keep its log for the reader until the disk is full.
  say "If MeldeSync does not come back: its slot makes PostgreSQL keep its log without end. As a superuser,"
  say "in $name: select pg_drop_replication_slot('meldesync')"
}

next_steps() {
  if [[ $dry_run == yes ]]; then say 'Nothing was done (--dry-run).'; return; fi
  say "$release is installed${root:+ in $root}."
  if grep -q '^BASE_URL=$' "$root$SETTINGS/meldesync.env"; then
    say "Next: BASE_URL in $SETTINGS/meldesync.env, the address that people open."
  fi
  say "Then, once: the database by $SETTINGS/credentials/create-database.sql, the users of Redis by $SETTINGS/credentials/redis-users.acl,"
  say "'systemctl start meldesync.target', and"
  say "'meldesync-set-up', which prints a link for the first administrator. $PROGRAMS/current/deploy/systemd/README.md says each step."
}

main() {
  parse_arguments "$@"
  require_root
  require_systemd
  if [[ $uninstall == yes ]]; then take_away; return; fi
  read_release
  # What is installed is what the archive holds, whichever copy of this script runs.
  unpacked=$(mktemp -d)
  trap 'rm -rf "$unpacked"' EXIT
  here=$unpacked/systemd
  mkdir "$here"
  tar -xzf "$archive" -C "$here" --strip-components=3 "$release/deploy/systemd"
  tar -xzf "$archive" -C "$unpacked" --strip-components=2 "$release/deploy/redis" 2>/dev/null || true
  tar -xzf "$archive" -C "$here" --strip-components=1 "$release/supported-versions.json"
  count_processes
  require_node "$(sed -n 's/.*"node": "\([0-9.]*\)".*/\1/p' "$here/supported-versions.json")"
  install_users
  install_programs
  install_settings
  install_units
  if is_live && systemctl --quiet is-active meldesync.target; then
    restart
    say "$release runs."
  else
    next_steps
  fi
  remove_old_programs
}

main "$@"
