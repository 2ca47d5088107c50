import { expect, it } from 'vitest';
import { shareOfAddress } from './share-of-address.ts';

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['', ''],
])('%s shares with %s', (address, share) => {
  expect(shareOfAddress(address)).toBe(share);
});
