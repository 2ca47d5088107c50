import exec from 'k6/execution';
import type { Options } from 'k6/options';
import { type SessionPlan, session } from '../lib/session.ts';
import { asDuration, durationMsOf, numberOf } from '../lib/settings.ts';
import { SUMMARY, thresholds } from '../lib/thresholds.ts';

const vus = numberOf('VUS', 300);
const durationMs = durationMsOf('DURATION', '10m');
/** The service takes 300 passwords a minute of one address. */
const SIGN_IN_MS = 250;

/** A team's day, in ten minutes: people sign in, read, filter, edit, lock, meet conflicts, import, sleep and come back. */
export const options: Options = {
  scenarios: {
    day: { executor: 'per-vu-iterations', vus, iterations: 1, maxDuration: asDuration(durationMs + 120_000) },
  },
  thresholds: thresholds(vus),
  summaryTrendStats: SUMMARY,
};

export default function day(): Promise<void> {
  return session({
    durationMs,
    arriveWithinMs: Math.min(vus * SIGN_IN_MS, durationMs / 2),
    thinkMs: [5_000, 20_000],
    sleepMs: [5_000, 60_000],
    habits: { edit: 50, lock: 15, conflict: 5, filter: 25, sleep: 5 },
    signsIn: true,
    sample: Math.min(1, 20 / vus),
    ...importsOf(exec.vu.idInTest),
  });
}

/** Most files hold a row or a few, since each Meldebestätigung comes by itself; once a day there is what has piled up. */
function importsOf(vu: number): Pick<SessionPlan, 'importRows' | 'importEveryMs'> {
  if (vu === 2) return { importRows: [1, 1, 500, 1, 1, 1], importEveryMs: durationMs / 6 };
  return vu % 50 === 1 ? { importRows: [1, 3, 1, 12, 1, 30], importEveryMs: 15_000 } : {};
}
