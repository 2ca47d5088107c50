import { percentileMs, sumCounts, total } from '../status/latency-window.ts';
import type { ProcessStatus } from '../status/process-status.ts';
import type { Measured } from './measures.ts';

/** Of fewer edits or deliveries in 10 s a percentile says nothing: one that waited for a lock would raise the level. */
const LEAST_COUNTED = 5;
/** Fewer failures than this in 10 s are nobody's overload. */
const LEAST_ERRORS = 5;

/** What the statuses of all processes come to. */
export function measure(statuses: readonly ProcessStatus[]): Measured {
  const recent = statuses.flatMap((status) => status.recent ?? []);
  const delivered = sumCounts(recent.map((one) => one.delivered));
  const answered = sumCounts(recent.map((one) => one.answered));
  const feeds = statuses.flatMap(({ feed }) => feed ?? []);
  const ages = statuses.flatMap(({ kind, canaryAgeMs }) =>
    kind === 'node' && canaryAgeMs !== null ? canaryAgeMs : [],
  );
  const errors = recent.reduce((sum, one) => sum + one.errors, 0);
  const edits = total(answered) + errors;
  return {
    latencyMs: most([p95(delivered), p95(answered)]),
    // The relay's own canary tells of a Redis that takes long, a node's of one that passes nothing on. A node of which all others are ahead is cut off by itself; what all of them lack is the feed's.
    feedSeconds: most([
      ...feeds.map((feed) => feed.delaySeconds),
      ...statuses.map(({ role, canaryAgeMs }) =>
        role === 'active' && canaryAgeMs !== null ? canaryAgeMs / 1_000 : null,
      ),
      ages.length === 0 ? null : Math.min(...ages) / 1_000,
    ]),
    feedBytes: most(feeds.map((feed) => feed.lagBytes)),
    errorShare: edits === 0 ? null : errors < LEAST_ERRORS ? 0 : errors / edits,
    memoryShare: most(statuses.map(({ memoryBytes, memoryLimitBytes }) => memoryBytes / memoryLimitBytes)),
    poolWaiting: most(statuses.map(({ pool }) => pool?.waiting ?? null)),
  };
}

function p95(counts: readonly number[]): number | null {
  return total(counts) < LEAST_COUNTED ? null : percentileMs(counts, 0.95);
}

/** The largest of what is known. */
function most(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}
