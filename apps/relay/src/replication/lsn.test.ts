import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decimalToLsn, lsnToDecimal } from './lsn.ts';

it.each([
  ['0/0', '0'],
  ['0/1', '1'],
  ['1/0', '4294967296'],
  ['16/B374D848', '97500059720'],
  ['FFFFFFFF/FFFFFFFF', '18446744073709551615'],
])('%s is %s', (lsn, decimal) => {
  expect(lsnToDecimal(lsn)).toBe(decimal);
  expect(decimalToLsn(decimal)).toBe(lsn);
});

it('no position is lost on the way there and back, also beyond 2^53', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (position) => {
      expect(lsnToDecimal(decimalToLsn(position.toString()))).toBe(position.toString());
    }),
  );
});
