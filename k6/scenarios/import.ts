import type { Options } from 'k6/options';
import { session } from '../lib/session.ts';
import { asDuration, durationMsOf, numberOf } from '../lib/settings.ts';
import { SUMMARY, thresholds } from '../lib/thresholds.ts';

const vus = numberOf('VUS', 50);
const importers = Math.min(vus, numberOf('IMPORTERS', 2));
const importRows = numberOf('ROWS', 2_000);
const durationMs = durationMsOf('DURATION', '2m');
const maxDuration = asDuration(durationMs + 180_000);

/** Large files, one after the other, while others edit: no edit waits behind an import. */
export const options: Options = {
  scenarios: {
    importers: { executor: 'per-vu-iterations', exec: 'importer', vus: importers, iterations: 1, maxDuration },
    ...(vus > importers
      ? { editors: { executor: 'per-vu-iterations', exec: 'editor', vus: vus - importers, iterations: 1, maxDuration } }
      : {}),
  },
  thresholds: { ...thresholds(vus), imports_finished: ['count>0'] },
  summaryTrendStats: SUMMARY,
};

const arriveWithinMs = Math.min(10_000, durationMs / 4);
const sample = Math.min(1, 20 / vus);

export function importer(): Promise<void> {
  return session({ durationMs, arriveWithinMs, thinkMs: [2_000, 6_000], habits: { filter: 1 }, sample, importRows });
}

export function editor(): Promise<void> {
  return session({ durationMs, arriveWithinMs, thinkMs: [1_000, 4_000], habits: { edit: 80, lock: 20 }, sample });
}
