import type { DegradationLimits } from '@meldesync/operations';

const NEVER = { reduced: Number.MAX_VALUE, minimal: Number.MAX_VALUE, manual: Number.MAX_VALUE };

/** Which of the limits of degradation a test has; without one, work is never saved, however slow the machine is. */
export interface TestDegradation {
  readonly limits?: Partial<DegradationLimits['limits']>;
  readonly afterMs?: number;
  readonly backMs?: number;
}

export function testDegradation({ limits, afterMs = 1_000, backMs = 1_000 }: TestDegradation): DegradationLimits {
  return {
    limits: {
      latencyMs: NEVER,
      feedSeconds: NEVER,
      feedBytes: NEVER,
      errorShare: NEVER,
      memoryShare: NEVER,
      poolWaiting: NEVER,
      ...limits,
    },
    afterMs,
    backMs,
  };
}

/** Limits at which one level is called for from a value on, and no higher one. */
export function levelFrom(
  level: 'reduced' | 'minimal' | 'manual',
  value: number,
): DegradationLimits['limits']['latencyMs'] {
  const levels = ['reduced', 'minimal', 'manual'] as const;
  const [reduced = 0, minimal = 0, manual = 0] = levels.map((one) =>
    levels.indexOf(one) <= levels.indexOf(level) ? value : Number.MAX_VALUE,
  );
  return { reduced, minimal, manual };
}
