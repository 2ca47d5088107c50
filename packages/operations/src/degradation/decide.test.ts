import type { ServiceLevel } from '@meldesync/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaugeAt, isAtLeast, type LevelGauge, lookAt, reasonsOf } from './decide.ts';
import { type DegradationLimits, MEASURE_NAMES, type Measured, SAVING_LEVELS } from './measures.ts';

const LIMITS: DegradationLimits = {
  limits: {
    latencyMs: { reduced: 100, minimal: 200, manual: 400 },
    feedSeconds: { reduced: 10, minimal: 20, manual: 40 },
    feedBytes: { reduced: 1_000, minimal: 2_000, manual: 4_000 },
    errorShare: { reduced: 0.1, minimal: 0.2, manual: 0.4 },
    memoryShare: { reduced: 0.7, minimal: 0.8, manual: 0.9 },
    poolWaiting: { reduced: 10, minimal: 20, manual: 40 },
  },
  afterMs: 10_000,
  backMs: 30_000,
};
const LEVELS: readonly ServiceLevel[] = ['normal', ...SAVING_LEVELS];

const QUIET: Measured = {
  latencyMs: null,
  feedSeconds: 0,
  feedBytes: 0,
  errorShare: 0,
  memoryShare: 0.2,
  poolWaiting: 0,
};

/** The level after each of the seconds for which this was measured. */
function lasting(gauge: LevelGauge, measured: Measured, seconds: number, from = 0): LevelGauge {
  let current = gauge;
  for (let second = 0; second < seconds; second++) current = lookAt(current, measured, LIMITS, (from + second) * 1_000);
  return current;
}

describe('R5.4 the level', () => {
  it.each(
    MEASURE_NAMES.flatMap((measure) =>
      SAVING_LEVELS.map((level) => [measure, level, LIMITS.limits[measure][level]] as const),
    ),
  )('rises by %s to %s from %d on, once it has lasted', (measure, level, limit) => {
    const measured = { ...QUIET, [measure]: limit };
    expect(lasting(gaugeAt('normal'), measured, 10).level).toBe('normal');
    const risen = lasting(gaugeAt('normal'), measured, 11);
    expect(risen.level).toBe(level);
    expect(reasonsOf(level, measured, LIMITS.limits)).toContainEqual(expect.objectContaining({ value: limit, limit }));
  });

  it('is not raised by a value that comes and goes', () => {
    let gauge = gaugeAt('normal');
    for (let second = 0; second < 100; second++)
      gauge = lookAt(gauge, second % 8 === 7 ? QUIET : { ...QUIET, poolWaiting: 1_000 }, LIMITS, second * 1_000);
    expect(gauge.level).toBe('normal');
  });

  it('is not raised by two values that take turns', () => {
    let gauge = gaugeAt('normal');
    for (let second = 0; second < 100; second++) {
      const measured = second % 10 < 5 ? { ...QUIET, poolWaiting: 1_000 } : { ...QUIET, latencyMs: 1_000 };
      gauge = lookAt(gauge, measured, LIMITS, second * 1_000);
    }
    expect(gauge.level).toBe('normal');
  });

  it('falls one step after each time that all was well below its limit for long enough', () => {
    const manual = gaugeAt('manual');
    expect(lasting(manual, QUIET, 30).level).toBe('manual');
    expect(lasting(manual, QUIET, 31).level).toBe('minimal');
    expect(lasting(manual, QUIET, 62).level).toBe('reduced');
    expect(lasting(manual, QUIET, 93).level).toBe('normal');
  });

  it('stays for what is only a little below its limit, and says so', () => {
    const near = { ...QUIET, latencyMs: 60 };
    expect(lasting(gaugeAt('reduced'), near, 1_000).level).toBe('reduced');
    expect(reasonsOf('reduced', near, LIMITS.limits)).toEqual([
      { cause: 'latency', value: 60, limit: 100, unit: 'ms' },
    ]);
    expect(lasting(gaugeAt('reduced'), { ...near, latencyMs: 59 }, 31).level).toBe('normal');
  });

  it('takes nothing for lasting while nobody looked', () => {
    const measured = { ...QUIET, errorShare: 1 };
    const once = lookAt(gaugeAt('normal'), measured, LIMITS, 0);
    const woken = lookAt(once, measured, LIMITS, 60_000);
    expect(woken.level).toBe('normal');
    expect(lasting(woken, measured, 11, 61).level).toBe('manual');
    const calm = lookAt(gaugeAt('manual'), QUIET, LIMITS, 0);
    expect(lookAt(calm, QUIET, LIMITS, 60_000).level).toBe('manual');
  });

  it('never flaps: it rises only by what lasted, falls by single steps, and none of it soon after a change', () => {
    const anything = fc.record({
      latencyMs: fc.option(fc.nat(600)),
      feedSeconds: fc.option(fc.nat(60)),
      feedBytes: fc.option(fc.nat(6_000)),
      errorShare: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      memoryShare: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      poolWaiting: fc.option(fc.nat(60)),
    });
    const stretch = fc.tuple(anything, fc.integer({ min: 1, max: 60 }));
    fc.assert(
      fc.property(fc.array(stretch, { maxLength: 30 }), (stretches) => {
        const seconds = stretches.flatMap(([measured, length]) => Array.from({ length }, () => measured));
        let gauge = gaugeAt('normal');
        let fellAt = Number.NEGATIVE_INFINITY;
        let changedAt = Number.NEGATIVE_INFINITY;
        for (const [second, measured] of seconds.entries()) {
          const next = lookAt(gauge, measured, LIMITS, second * 1_000);
          const step = LEVELS.indexOf(next.level) - LEVELS.indexOf(gauge.level);
          if (step > 0) {
            const { level } = next;
            if (level === 'normal') throw new Error('that is no rise');
            const lasted = MEASURE_NAMES.some((measure) =>
              seconds
                .slice(Math.max(0, second - 10), second + 1)
                .every((past) => (past[measure] ?? Number.NEGATIVE_INFINITY) >= LIMITS.limits[measure][level]),
            );
            expect(lasted && second >= 10).toBe(true);
          }
          if (step < 0) {
            expect(step).toBe(-1);
            expect(second - changedAt).toBeGreaterThanOrEqual(30);
            expect(second - fellAt).toBeGreaterThanOrEqual(30);
            fellAt = second;
          }
          if (step !== 0) changedAt = second;
          gauge = next;
        }
      }),
    );
  });

  it('includes what the levels before it do', () => {
    expect(LEVELS.map((level) => isAtLeast(level, 'minimal'))).toEqual([false, false, true, true]);
  });
});
