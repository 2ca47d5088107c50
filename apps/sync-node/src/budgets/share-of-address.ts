import { isIPv6 } from 'node:net';

const GROUPS = 8;
/** Of an IPv6 address, who it is given to changes the rest at will. */
const NETWORK_GROUPS = 4;

/** What of an address is one share: an IPv4 address, or the /64 of an IPv6 one. */
export function shareOfAddress(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : GROUPS - before.length - after.length;
  const all = [...before, ...Array.from({ length: Math.max(0, gap) }, () => '0'), ...after];
  return `${all.slice(0, NETWORK_GROUPS).join(':')}::/64`;
}
