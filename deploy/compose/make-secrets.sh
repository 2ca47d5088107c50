#!/bin/sh
# Makes the passwords and keys of this installation as files in secrets/, and keeps those that are there. With `--self-signed NAME` it
# also makes a certificate for that name, which browsers warn of: to try it out.
set -eu
umask 077
cd "$(dirname "$0")"

self_signed=
case ${1:-} in
  '') ;;
  --self-signed)
    self_signed=${2:-}
    if [ -z "$self_signed" ]; then
      echo "make-secrets: --self-signed needs the name that people open, such as meldesync.example" >&2
      exit 64
    fi
    ;;
  *)
    echo "make-secrets: unknown argument $1; there is --self-signed NAME" >&2
    exit 64
    ;;
esac

# The folder is its owner's alone. The files in it are readable, since each is mounted into containers that run as somebody else.
mkdir -p secrets
chmod 700 secrets

# keep NAME: standard input becomes the file, unless that is there already.
keep() {
  if [ -s "secrets/$1" ]; then
    cat >/dev/null
    return
  fi
  cat >"secrets/$1.new"
  chmod 444 "secrets/$1.new"
  mv "secrets/$1.new" "secrets/$1"
  echo "secrets/$1"
}

# 48 characters that need no escape in an address.
random() {
  od -An -N24 -tx1 /dev/urandom | tr -d ' \n'
}

for role in owner app auth worker relay; do
  random | keep "$role-db-password"
  printf 'postgres://meldesync_%s:%s@postgres:5432/meldesync' "$role" "$(cat "secrets/$role-db-password")" |
    keep "$role-database-url"
done
random | keep auth-secret
# An Ed25519 key is 32 random bytes behind what says so (RFC 8410), here as PKCS#8 in PEM.
{
  echo '-----BEGIN PRIVATE KEY-----'
  { printf '\060\056\002\001\000\060\005\006\003\053\145\160\004\042\004\040'; head -c 32 /dev/urandom; } | base64 | tr -d '\n'
  printf '\n-----END PRIVATE KEY-----\n'
} | keep audit-signing-key
printf 'requirepass %s\n' "$(random)" | keep redis-password.conf
# Of who may everything there; the processes have users of their own, which may what their work takes.
sha256() { printf '%s' "$1" | sha256sum | cut -d ' ' -f 1; }
users="s/@PREFIX@/meldesync/g; s/@DEFAULT@/$(sha256 "$(sed -n 's/^requirepass //p' secrets/redis-password.conf)")/"
for process in node relay worker; do
  random | keep "redis-$process-password"
  password=$(cat "secrets/redis-$process-password")
  printf 'redis://meldesync_%s:%s@redis:6379' "$process" "$password" | keep "redis-$process-url"
  users="$users; s/@$(printf '%s' "$process" | tr a-z A-Z)@/$(sha256 "$password")/"
done
# Made anew each time: what a process may can change with a release.
rm -f secrets/redis-users.acl
sed "$users" ../redis/users.acl | keep redis-users.acl

if [ -n "$self_signed" ] && [ ! -s secrets/tls.pem ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 90 -subj "/CN=$self_signed" \
    -addext "subjectAltName=DNS:$self_signed" -keyout secrets/tls.key -out secrets/tls.crt 2>/dev/null
  cat secrets/tls.crt secrets/tls.key | keep tls.pem
  rm -f secrets/tls.key secrets/tls.crt
fi
if [ ! -s secrets/tls.pem ]; then
  echo "make-secrets: secrets/tls.pem is missing: put certificate, chain and key there, in this order (chmod 444)" >&2
  exit 1
fi
