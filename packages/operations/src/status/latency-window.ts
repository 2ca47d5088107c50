/** Upper bounds of what is counted together, in milliseconds; what took longer than the last is counted beside them. */
const BOUNDS_MS = [
  1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 60, 70, 80, 90, 100, 125, 150, 200, 250, 300, 400, 500, 700, 1_000, 1_500,
  2_000, 3_000, 5_000, 10_000,
] as const;

/** How many counts there are. */
export const LATENCY_BUCKETS: number = BOUNDS_MS.length + 1;

/** How long something took, as counts that can be added and taken away: those of processes, and of times. */
export interface LatencyWindow {
  /** It took so long, in seconds. */
  record(seconds: number): void;
  /** How often it took how long since the start; the difference of two is what happened between them. */
  snapshot(): number[];
}

function none(): number[] {
  return Array.from({ length: LATENCY_BUCKETS }, () => 0);
}

export function createLatencyWindow(): LatencyWindow {
  const counts = none();
  return {
    record: (seconds) => {
      const ms = seconds * 1_000;
      let bucket = 0;
      while (bucket < BOUNDS_MS.length && ms > (BOUNDS_MS[bucket] ?? 0)) bucket += 1;
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    },
    snapshot: () => [...counts],
  };
}

/** What came to `before` since. */
export function countsSince(now: readonly number[], before: readonly number[]): number[] {
  return now.map((count, bucket) => count - (before[bucket] ?? 0));
}

/** All counts together. */
export function sumCounts(all: readonly (readonly number[])[]): number[] {
  const sum = none();
  for (const counts of all) for (const [bucket, count] of counts.entries()) sum[bucket] = (sum[bucket] ?? 0) + count;
  return sum;
}

/** How many were counted. */
export function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * The time in milliseconds within which `share` of what was counted was done; null when nothing was. Within a bucket it is taken to be
 * spread evenly; what took longer than the last bound counts as that.
 */
export function percentileMs(counts: readonly number[], share: number): number | null {
  const all = total(counts);
  if (all === 0) return null;
  const wanted = all * share;
  let seen = 0;
  for (const [bucket, count] of counts.entries()) {
    if (count > 0 && seen + count >= wanted) {
      const lower = bucket === 0 ? 0 : (BOUNDS_MS[bucket - 1] ?? 0);
      const upper = BOUNDS_MS[bucket] ?? lower;
      return lower + (upper - lower) * Math.max(0, (wanted - seen) / count);
    }
    seen += count;
  }
  return BOUNDS_MS.at(-1) ?? 0;
}
