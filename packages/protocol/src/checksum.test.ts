import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addToChecksum, CHECKSUM_MODULUS, changeChecksum, recordChecksum } from './checksum.ts';

const id = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const version = fc.integer({ min: 1, max: 2 ** 31 - 1 });

/** The same in whole numbers of any size, as Postgres has it. */
function exact(record: number, at: number): number {
  const prime = 2_147_483_647n;
  const i = BigInt(record) % prime;
  const v = BigInt(at) % prime;
  const mixed = (i * 1_000_003n + v * 8_191n + 1n) % prime;
  return Number((((mixed * mixed + v) % prime) * ((mixed + i) % prime)) % prime);
}

it('is exact for all ids and versions', () => {
  fc.assert(
    fc.property(id, version, (record, at) => {
      expect(recordChecksum(record, at)).toBe(exact(record, at));
    }),
  );
});

it('differs where two records have each other’s version', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e9 }),
      fc.integer({ min: 1, max: 1e6 }),
      fc.nat(1e6),
      fc.nat(1e6),
      (a, step, v, w) => {
        fc.pre(v !== w);
        const b = a + step;
        expect(recordChecksum(a, v + 1) + recordChecksum(b, w + 1)).not.toBe(
          recordChecksum(a, w + 1) + recordChecksum(b, v + 1),
        );
      },
    ),
  );
});

it('moves by changes to what it is as a whole, and back to nothing', () => {
  fc.assert(
    fc.property(fc.uniqueArray(id, { maxLength: 20 }), fc.integer({ min: 1, max: 5 }), (ids, updates) => {
      let sum = 0;
      for (const record of ids) {
        sum = addToChecksum(sum, changeChecksum({ record, version: 1, op: 'insert' }));
        for (let at = 2; at <= updates; at++)
          sum = addToChecksum(sum, changeChecksum({ record, version: at, op: 'update' }));
      }
      expect(sum).toBe(ids.reduce((total, record) => addToChecksum(total, recordChecksum(record, updates)), 0));
      expect(sum).toBeLessThan(CHECKSUM_MODULUS);
      for (const record of ids)
        sum = addToChecksum(sum, changeChecksum({ record, version: updates + 1, op: 'delete' }));
      expect(sum).toBe(0);
    }),
  );
});
