import type { Options } from 'k6/options';
import { shortVisit } from '../lib/session.ts';
import { asDuration, durationMsOf, numberOf } from '../lib/settings.ts';
import { SUMMARY, thresholds } from '../lib/thresholds.ts';

const vus = numberOf('VUS', 300);
const durationMs = durationMsOf('DURATION', '90s');
const calm = Math.max(1, Math.round(vus / 10));
const RISE = '5s';

/** A tenth of the people, then all of them within five seconds, as when a shift begins, and a tenth again. */
export const options: Options = {
  scenarios: {
    spike: {
      executor: 'ramping-vus',
      startVUs: calm,
      stages: [
        { duration: asDuration(durationMs / 4), target: calm },
        { duration: RISE, target: vus },
        { duration: asDuration(durationMs / 2), target: vus },
        { duration: RISE, target: calm },
        { duration: asDuration(durationMs / 4), target: calm },
      ],
      gracefulRampDown: '90s',
      gracefulStop: '90s',
    },
  },
  thresholds: thresholds(1),
  summaryTrendStats: SUMMARY,
};

export default function spike(): Promise<void> {
  return shortVisit({
    durationMs: 15_000,
    thinkMs: [2_000, 5_000],
    habits: { edit: 70, lock: 15, conflict: 5, filter: 10 },
    sample: Math.min(1, 20 / vus),
  });
}
