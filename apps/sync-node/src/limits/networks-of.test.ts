import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientAddress } from '../http/client-address.ts';
import { networksOf } from './networks-of.ts';

/** As the transport writes an address that a balancer names. */
const written = (address: string) => clientAddress(['10.0.0.1'])('10.0.0.1', address);

describe('whom an address is counted as', () => {
  it.each([
    { address: '203.0.113.9', near: '203.0.113.9', wide: undefined },
    { address: '::ffff:203.0.113.9', near: '203.0.113.9', wide: undefined },
    { address: '::ffff:cb00:7109', near: '203.0.113.9', wide: undefined },
    { address: '2001:db8:1:2:3:4:5:6', near: '2001:db8:1:2::/64', wide: '2001:db8:1::/48' },
    { address: '2001:DB8:1:2::6', near: '2001:db8:1:2::/64', wide: '2001:db8:1::/48' },
    { address: '2001:db8::6', near: '2001:db8:0:0::/64', wide: '2001:db8:0::/48' },
    { address: '::1', near: '0:0:0:0::/64', wide: '0:0:0::/48' },
    { address: 'fe80::1%eth0', near: 'fe80:0:0:0::/64', wide: 'fe80:0:0::/48' },
  ])('$address: $near, $wide', ({ address, near, wide }) => {
    expect(networksOf(written(address))).toEqual({ near, wide });
  });

  it('all who have none are one', () => {
    expect(networksOf(null)).toEqual({ near: 'none', wide: undefined });
  });

  it('of IPv6 the same whatever the last 64 bits are, and another where the first are', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.ipV6(), (one, other) => {
        const [first, second] = [one, other].map((text) => written(text));
        fc.pre(first !== undefined && second !== undefined && first.includes(':') && second.includes(':'));
        const hex = (text: string) => networksOf(text).near.split('::/')[0]?.split(':') ?? [];
        const mixed = [...hex(first), 'a', 'b', 'c', 'd'].join(':');
        expect(networksOf(written(mixed)).near).toBe(networksOf(first).near);
        expect(networksOf(first).near === networksOf(second).near).toBe(hex(first).join() === hex(second).join());
      }),
    );
  });
});
