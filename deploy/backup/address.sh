# Read by the scripts beside it. Everybody on a machine can read the arguments of its programs, so the password of an address is taken out of
# it and handed over in the environment, which none but its owner sees.
#
#   hide_password ADDRESS     address: the same without its password, which is in PGPASSWORD; where it has none, ~/.pgpass and the
#                             environment say it as ever

hide_password() {
  address=$1
  case $address in
    postgres://* | postgresql://*) ;;
    *) echo "give an address such as postgresql://role:password@host:5432/database" >&2; exit 78 ;;
  esac
  case $address in
    *[?\&]password=*) echo "give the password before the host: postgresql://role:password@host:5432/database" >&2; exit 78 ;;
  esac
  scheme=${address%%://*}
  rest=${address#*://}
  authority=${rest%%[/?]*}
  case $authority in
    *:*@*) ;;
    *) return 0 ;;
  esac
  who=${authority%@*}
  case $who in
    *:*) ;;
    *) return 0 ;;
  esac
  PGPASSWORD=$(decoded "${who#*:}")
  export PGPASSWORD
  address="$scheme://${who%%:*}@${rest#"$who@"}"
}

# `%40` as `@`: an address cannot hold every character as it is.
decoded() {
  left=$1
  while :; do
    case $left in
      *%[0-9A-Fa-f][0-9A-Fa-f]*) ;;
      *) break ;;
    esac
    printf '%s' "${left%%\%*}"
    left=${left#*%}
    printf "\\$(printf %03o "0x${left%"${left#??}"}")"
    left=${left#??}
  done
  printf '%s' "$left"
}
