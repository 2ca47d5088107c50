// Plain JavaScript for the same reason as the catalogue.

/** What a driver of Postgres makes something of. */
const SSL_MODES = new Set(['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify']);
/** Redis counts its databases. */
const REDIS_PATH = /^(?:\/\d{0,5})?$/;

/**
 * Whether a driver can connect by an address: one with a host, or for Postgres the folder of a local socket, whose parts can be decoded.
 * What is read more into it (`redis://host/cases` as database 0, an address without a host as this machine) would only be noticed later.
 * @param {string} value
 * @param {readonly string[]} schemes
 */
export function isConnectionAddress(value, schemes) {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, pathname, username, password, searchParams } = new URL(value);
  const scheme = protocol.slice(0, -1);
  if (!schemes.includes(scheme) || ![hostname, pathname, username, password].every(canBeDecoded)) return false;
  if (scheme.startsWith('redis')) return hostname !== '' && REDIS_PATH.test(pathname);
  const mode = searchParams.get('sslmode');
  return (hostname !== '' || Boolean(searchParams.get('host'))) && (mode === null || SSL_MODES.has(mode));
}

/**
 * What it must be, in words that follow on "must be".
 * @param {readonly string[]} schemes
 */
export function connectionSays(schemes) {
  const [first = ''] = schemes;
  const example = first.startsWith('redis')
    ? 'redis://:password@host:6379/0'
    : 'postgres://user:password@host:5432/database';
  return `an address such as ${example}, where a % in a password is written %25`;
}

/** @param {string} part */
function canBeDecoded(part) {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}
