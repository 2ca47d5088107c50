import { BACKOFF } from '@meldesync/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

const almostOne = 1 - Number.EPSILON;

describe('backoff', () => {
  it('R4.1 stays between its bounds for any try and any randomness', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.double({ min: 0, max: almostOne, noNaN: true }),
        (attempt, random) => {
          const delay = backoffMs(attempt, random);
          expect(delay).toBeGreaterThanOrEqual(BACKOFF.usual.minMs);
          expect(delay).toBeLessThanOrEqual(BACKOFF.usual.maxMs);
        },
      ),
    );
  });

  it('R4.1 doubles its ceiling with each try and jitters over the whole range from the first', () => {
    const ceilings = [1, 2, 3, 4, 5, 6, 60].map((attempt) => backoffMs(attempt, almostOne));
    expect(ceilings).toEqual([2000, 3000, 3000, 3000, 3000, 3000, 3000]);
    expect([1, 2, 60].map((attempt) => backoffMs(attempt, 0))).toEqual([500, 500, 500]);
  });

  it('R4.1 takes off its ceiling what the try itself took, down to that of the first', () => {
    const after = (triedMs: number) => backoffMs(60, almostOne, BACKOFF.usual, triedMs);
    expect([0, 500, 1_000, 6_000].map(after)).toEqual([3000, 2500, 2000, 2000]);
    expect(backoffMs(60, 0, BACKOFF.usual, 6_000)).toBe(500);
    // A clock that was set back makes no try one that took less than nothing.
    expect(after(-3_600_000)).toBe(3000);
  });
});
