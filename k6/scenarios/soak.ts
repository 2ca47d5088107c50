import exec from 'k6/execution';
import type { Options } from 'k6/options';
import { session } from '../lib/session.ts';
import { asDuration, durationMsOf, numberOf } from '../lib/settings.ts';
import { SUMMARY, thresholds } from '../lib/thresholds.ts';

const vus = numberOf('VUS', 100);
const durationMs = durationMsOf('DURATION', '30m');

/** Half an hour of the same: whether memory stays flat, and nothing is lost in the long run. */
export const options: Options = {
  scenarios: {
    soak: { executor: 'per-vu-iterations', vus, iterations: 1, maxDuration: asDuration(durationMs + 120_000) },
  },
  thresholds: thresholds(vus),
  summaryTrendStats: SUMMARY,
};

export default function soak(): Promise<void> {
  return session({
    durationMs,
    arriveWithinMs: Math.min(30_000, durationMs / 4),
    thinkMs: [4_000, 12_000],
    sleepMs: [10_000, 60_000],
    habits: { edit: 60, lock: 15, conflict: 5, filter: 17, sleep: 3 },
    sample: Math.min(1, 20 / vus),
    ...(exec.vu.idInTest === 1 ? { importRows: 50, importEveryMs: 300_000 } : {}),
  });
}
