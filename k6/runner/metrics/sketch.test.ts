import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Sketch } from './sketch.ts';

/** What a sorted list has at a share, between its values in a straight line, as k6 computes it. */
function exact(sorted: readonly number[], share: number): number {
  const rank = (sorted.length - 1) * share;
  const lower = sorted[Math.floor(rank)] ?? 0;
  const upper = sorted[Math.ceil(rank)] ?? 0;
  return lower + (upper - lower) * (rank - Math.floor(rank));
}

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 });

it('keeps every quantile to within 0.1 % of its neighbours, whatever the values and however they were split', () => {
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(200), (given, share, split) => {
      const [whole, part] = [new Sketch(), new Sketch()];
      for (const value of given.slice(0, split)) whole.add(value);
      for (const value of given.slice(split)) part.add(value);
      whole.merge(structuredClone(part.state()));
      const sorted = given.toSorted((a, b) => a - b);
      const rank = (sorted.length - 1) * share;
      const around = Math.max(Math.abs(sorted[Math.floor(rank)] ?? 0), Math.abs(sorted[Math.ceil(rank)] ?? 0));
      expect(Math.abs(whole.quantile(share) - exact(sorted, share))).toBeLessThanOrEqual(around * 0.0011 + 2e-6);
      expect([whole.count, whole.min, whole.max]).toEqual([given.length, sorted[0], sorted.at(-1)]);
    }),
  );
});

it('is empty again after it was cleared', () => {
  const sketch = new Sketch();
  sketch.add(5);
  sketch.clear();
  expect([sketch.count, sketch.average, sketch.quantile(0.5), sketch.min, sketch.max]).toEqual([0, 0, 0, 0, 0]);
});
