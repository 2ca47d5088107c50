import { isIP } from 'node:net';

/** Whom an address is counted as. */
export interface Networks {
  /** Who is counted as one: an IPv4 address, or an IPv6 network of 64 bits, of which one household has any address. */
  readonly near: string;
  /** What a site is given at least, of which one may have any network: 48 bits. Of IPv6 alone. */
  readonly wide: string | undefined;
}

/** Who cannot be told apart: a connection without an address. */
const NOBODY: Networks = { near: 'none', wide: undefined };

/** Groups of 16 bits. */
const NEAR_GROUPS = 4;
const WIDE_GROUPS = 3;

/** Whom an address is counted as; as `clientAddress` writes it, so that one of IPv4 within IPv6 is of IPv4. */
export function networksOf(address: string | null): Networks {
  if (address === null) return NOBODY;
  if (isIP(address) !== 6) return { near: address, wide: undefined };
  const groups = groupsOf(address);
  const network = (count: number) => `${groups.slice(0, count).join(':')}::/${count * 16}`;
  return { near: network(NEAR_GROUPS), wide: network(WIDE_GROUPS) };
}

/** The eight groups of an address of IPv6. */
function groupsOf(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const parts = (text: string | undefined) => (text ? text.split(':') : []);
  const [front, back] = [parts(head), parts(tail)];
  const left = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  return [...front, ...Array.from({ length: left }, () => '0'), ...back].map((group) =>
    Number.parseInt(group, 16).toString(16),
  );
}
