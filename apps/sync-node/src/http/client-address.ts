import { BlockList, isIP } from 'node:net';

/**
 * Whose a request is: the address of the connection, or what the balancers in front say in `X-Forwarded-For`.
 * @param peer address at the other end of the connection
 * @param forwarded `X-Forwarded-For`, each hop behind the one before; anybody may have begun it
 */
export type ClientAddress = (peer: string, forwarded: string | null) => string;

/**
 * Believes those balancers alone: of the hops, from the last on, the first that is none of them. What stands before it, it said itself.
 * @param trustedProxies addresses and networks
 */
export function clientAddress(trustedProxies: readonly string[]): ClientAddress {
  const trusted = listOf(trustedProxies);
  const isTrusted = (address: string) => trusted.check(address, familyOf(address));
  return (peer, forwarded) => {
    let address = canonical(peer) ?? peer;
    if (forwarded === null || trustedProxies.length === 0) return address;
    for (const hop of forwarded.split(',').toReversed()) {
      if (!isTrusted(address)) break;
      const before = canonical(hop.trim());
      // A balancer that names nobody: it is as far as one can see.
      if (before === undefined) break;
      address = before;
    }
    return address;
  };
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    if (bits === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(bits), familyOf(address));
  }
  return list;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/** The one way to write an address, so that it is counted once; without the port that some balancers add. Undefined for what is none. */
function canonical(text: string): string | undefined {
  const bare = /^\[(.*)\](:\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  switch (isIP(bare)) {
    case 4:
      return bare;
    case 6:
      return shortest(bare);
    default:
      return undefined;
  }
}

/** RFC 5952; what stands for an IPv4 address is that. */
function shortest(address: string): string | undefined {
  const [unscoped = ''] = address.split('%');
  const short = new URL(`http://[${unscoped}]`).hostname.slice(1, -1);
  const mapped = MAPPED.exec(short);
  if (!mapped) return short;
  const bits = mapped.slice(1).map((part) => Number.parseInt(part, 16));
  return bits.flatMap((pair) => [pair >> 8, pair & 0xff]).join('.');
}
