import exec from 'k6/execution';
import type { Options } from 'k6/options';
import { session } from '../lib/session.ts';
import { asDuration, durationMsOf, numberOf } from '../lib/settings.ts';
import { SUMMARY, thresholds } from '../lib/thresholds.ts';

const vus = numberOf('VUS', 20);
const durationMs = durationMsOf('DURATION', '30s');

/** A few people for half a minute, with everything that people do: whether it works at all. */
export const options: Options = {
  scenarios: {
    smoke: { executor: 'per-vu-iterations', vus, iterations: 1, maxDuration: asDuration(durationMs + 90_000) },
  },
  thresholds: { ...thresholds(vus), imports_finished: ['count>0'] },
  summaryTrendStats: SUMMARY,
};

export default function smoke(): Promise<void> {
  return session({
    durationMs,
    arriveWithinMs: durationMs / 6,
    thinkMs: [400, 1_600],
    sleepMs: [1_000, 3_000],
    habits: { edit: 60, lock: 15, conflict: 10, filter: 10, sleep: 3 },
    signsIn: true,
    // More rows than go out as frames: everybody else pulls them (P40).
    ...(exec.vu.idInTest === 1 ? { importRows: 150, importEveryMs: 15_000 } : {}),
  });
}
