import type { Options } from 'k6/options';
import { shortVisit } from '../lib/session.ts';
import { asDuration, durationMsOf, numberOf } from '../lib/settings.ts';
import { SUMMARY, thresholds } from '../lib/thresholds.ts';

const vus = numberOf('VUS', 300);
const durationMs = durationMsOf('DURATION', '4m');

/** More and more people, each for a short visit, and fewer again. */
export const options: Options = {
  scenarios: {
    ramp: {
      executor: 'ramping-vus',
      startVUs: 0,
      stages: [
        { duration: asDuration(durationMs / 2), target: vus },
        { duration: asDuration(durationMs / 4), target: vus },
        { duration: asDuration(durationMs / 4), target: 0 },
      ],
      gracefulRampDown: '90s',
      gracefulStop: '90s',
    },
  },
  thresholds: thresholds(1),
  summaryTrendStats: SUMMARY,
};

export default function ramp(): Promise<void> {
  return shortVisit({
    durationMs: 20_000,
    thinkMs: [2_000, 6_000],
    habits: { edit: 70, lock: 15, conflict: 5, filter: 10 },
    sample: Math.min(1, 20 / vus),
  });
}
