import { TIERS_MS } from '@meldesync/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BEST, glance, type LinkQuality, leftUnread, look, type TierGauge } from './tier-gauge.ts';

const GOOD: LinkQuality = { bufferedBytes: 0, roundTripMs: 20, applyLagMs: 2 };

function looks(gauge: TierGauge, quality: LinkQuality, count: number, from = 0): TierGauge {
  let current = gauge;
  for (let i = 0; i < count; i++) current = look(current, quality, from + i * 1_000);
  return current;
}

describe('R4.5 the tier of a connection', () => {
  it.each([
    [250, { ...GOOD, bufferedBytes: 70_000 }],
    [250, { ...GOOD, roundTripMs: 450 }],
    [1_000, { ...GOOD, applyLagMs: 600 }],
    [5_000, { ...GOOD, roundTripMs: 20, bufferedBytes: 2_000_000 }],
    [5_000, { bufferedBytes: 70_000, roundTripMs: 4_000, applyLagMs: 0 }],
  ])('is %i for the worst of what is measured', (tierMs, quality) => {
    expect(look(BEST, quality, 0).tierMs).toBe(0);
    expect(looks(BEST, quality, 2).tierMs).toBe(tierMs);
  });

  it('is not changed by one bad look', () => {
    const once = look(BEST, { ...GOOD, roundTripMs: 5_000 }, 0);
    expect(looks(once, GOOD, 1, 1_000)).toEqual(BEST);
  });

  it('gets quicker one step at a time, each after 15 s', () => {
    const slow = looks(BEST, { ...GOOD, roundTripMs: 4_000 }, 2);
    expect(looks(slow, GOOD, 15).tierMs).toBe(5_000);
    expect(looks(slow, GOOD, 16).tierMs).toBe(1_000);
    expect(looks(slow, GOOD, 32).tierMs).toBe(250);
    expect(looks(slow, GOOD, 48).tierMs).toBe(0);
  });

  it('stays where it is for what is only a little better than its limit', () => {
    const slow = looks(BEST, { ...GOOD, roundTripMs: 450 }, 2);
    expect(looks(slow, { ...GOOD, roundTripMs: 300 }, 100).tierMs).toBe(250);
    expect(looks(slow, { ...GOOD, roundTripMs: 200 }, 17).tierMs).toBe(0);
  });

  it('takes a report of the client into account once, and the buffer at every look', () => {
    const slow: LinkQuality = { ...GOOD, roundTripMs: 2_000 };
    let gauge = look(BEST, slow, 0);
    for (let second = 1; second < 10; second++) gauge = glance(gauge, slow, second * 1_000);
    expect(gauge.tierMs).toBe(0);
    expect(look(gauge, slow, 10_000).tierMs).toBe(1_000);
    const full: LinkQuality = { ...GOOD, bufferedBytes: 300_000 };
    expect(glance(glance(BEST, full, 0), full, 1_000).tierMs).toBe(1_000);
  });

  it('makes room at once where something was dropped', () => {
    expect(leftUnread(BEST).tierMs).toBe(1_000);
    expect(leftUnread(leftUnread(BEST)).tierMs).toBe(5_000);
  });

  it('never swings: between two changes towards quicker there are 15 s', () => {
    const quality = fc.record({
      bufferedBytes: fc.nat(2_000_000),
      roundTripMs: fc.nat(5_000),
      applyLagMs: fc.nat(3_000),
    });
    fc.assert(
      fc.property(fc.array(quality, { maxLength: 200 }), (qualities) => {
        let gauge = BEST;
        let lastChange = Number.NEGATIVE_INFINITY;
        for (const [second, one] of qualities.entries()) {
          const next = look(gauge, one, second * 1_000);
          if (next.tierMs < gauge.tierMs) {
            expect(second * 1_000 - lastChange).toBeGreaterThanOrEqual(15_000);
            expect(TIERS_MS.indexOf(gauge.tierMs) - TIERS_MS.indexOf(next.tierMs)).toBe(1);
          }
          if (next.tierMs !== gauge.tierMs) lastChange = second * 1_000;
          gauge = next;
        }
      }),
    );
  });
});
