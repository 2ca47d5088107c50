import type { OperationsLevel, ServiceLevel } from '@meldesync/protocol';
import {
  type DegradationLimits,
  MEASURE_NAMES,
  MEASURES,
  type Measure,
  type Measured,
  SAVING_LEVELS,
  type SavingLevel,
} from './measures.ts';

/*
 * The level of the cluster (R5.4), from what is measured:
 *
 *              one value at its limit for `afterMs`: up, as far as that value calls for
 *   normal ──▶ reduced ──▶ minimal ──▶ manual
 *          ◀──         ◀──         ◀──
 *              all values well below the level's limits for `backMs`: down, one step
 */

export type LevelReason = OperationsLevel['reasons'][number];

/** Where the level is, and what may change it. */
export interface LevelGauge {
  readonly level: ServiceLevel;
  /** Since when a value is at its limit for a level, in milliseconds of the clock of who decides. */
  readonly over: Readonly<Partial<Record<OverKey, number>>>;
  /** Since when all values are well below the limits of the level; null while one is not. */
  readonly calmSince: number | null;
  /** When it was looked at last; null before the first time. */
  readonly lookedAt: number | null;
}

type OverKey = `${Measure} ${SavingLevel}`;

/** Between two looks lies no more than this: the rest of the time nobody looked, and nothing lasted. */
const MOST_BETWEEN_LOOKS_MS = 6_000;

/** How one begins to decide, or goes on for another that did: what lasts begins to count anew. */
export function gaugeAt(level: ServiceLevel): LevelGauge {
  return { level, over: {}, calmSince: null, lookedAt: null };
}

/** Looks at what is measured. What is not known calls for nothing. */
export function lookAt(
  gauge: LevelGauge,
  measured: Measured,
  { limits, afterMs, backMs }: DegradationLimits,
  now: number,
): LevelGauge {
  const hasSlept = gauge.lookedAt !== null && now - gauge.lookedAt > MOST_BETWEEN_LOOKS_MS;
  const before = hasSlept ? gaugeAt(gauge.level) : gauge;
  const over: Partial<Record<OverKey, number>> = {};
  let level = before.level;
  for (const measure of MEASURE_NAMES) {
    for (const saving of SAVING_LEVELS) {
      const value = measured[measure];
      if (value === null || value < limits[measure][saving]) continue;
      const since = before.over[`${measure} ${saving}`] ?? now;
      over[`${measure} ${saving}`] = since;
      if (now - since >= afterMs && rank(saving) > rank(level)) level = saving;
    }
  }
  if (level !== before.level) return { level, over, calmSince: null, lookedAt: now };
  if (level === 'normal' || MEASURE_NAMES.some((measure) => keepsUp(measure, measured, limits, level)))
    return { level, over, calmSince: null, lookedAt: now };
  const calmSince = before.calmSince ?? now;
  if (now - calmSince < backMs) return { level, over, calmSince, lookedAt: now };
  return { level: below(level), over, calmSince: null, lookedAt: now };
}

/** Why the level is what it is: the values that are not well below its limits. */
export function reasonsOf(level: ServiceLevel, measured: Measured, limits: DegradationLimits['limits']): LevelReason[] {
  if (level === 'normal') return [];
  return MEASURE_NAMES.flatMap((measure) => {
    const value = measured[measure];
    if (value === null || !keepsUp(measure, measured, limits, level)) return [];
    return [{ cause: MEASURES[measure].cause, value, limit: limits[measure][level], unit: MEASURES[measure].unit }];
  });
}

/** Whether what follows on the level `a` also holds at `level`. */
export function isAtLeast(level: ServiceLevel, a: SavingLevel): boolean {
  return rank(level) >= rank(a);
}

function keepsUp(
  measure: Measure,
  measured: Measured,
  limits: DegradationLimits['limits'],
  level: SavingLevel,
): boolean {
  const value = measured[measure];
  return value !== null && value >= limits[measure][level] * MEASURES[measure].margin;
}

/** 0 is normal. */
function rank(level: ServiceLevel): number {
  return level === 'normal' ? 0 : SAVING_LEVELS.indexOf(level) + 1;
}

function below(level: SavingLevel): ServiceLevel {
  return SAVING_LEVELS[SAVING_LEVELS.indexOf(level) - 1] ?? 'normal';
}
