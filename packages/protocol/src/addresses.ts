/** Reserved (RFC 6761): no host has it. */
const OWN = 'https://own.invalid';

/**
 * Whether an address leads to a path of this application, and nowhere else, in whatever way a browser or a router reads it: they leave
 * out control characters, take `\` for `/`, and a path that begins with two slashes for another host.
 */
export function isOwnPath(address: string): boolean {
  if (!address.startsWith('/') || /[\p{Cc}\p{Zl}\p{Zp}\\]/u.test(address) || !URL.canParse(address, OWN)) return false;
  const { origin, pathname } = new URL(address, OWN);
  return origin === OWN && !pathname.startsWith('//');
}

/** Whether an address is one that a page may be left for: of the web, and none that runs something in this page. */
export function isWebAddress(address: string): boolean {
  return URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
}
