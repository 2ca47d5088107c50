import { residentBytes } from './resident-bytes.mjs';

/** Often enough for a slope, and too seldom to be felt. */
const LOOK_EVERY_MS = 5_000;
const ANSWER_MS = 2_000;
const MIB = 1_048_576;
const MINUTE_S = 60;
/** Over less time a slope says nothing. */
const SHORTEST_SLOPE_MS = 60_000;
/** What a process takes for itself until it is warm says nothing of the long run. */
const WARM_SHARE = 0.5;
const SNAPSHOT_QUERIES = /^meldesync_snapshot_queries_total(?:\{[^}]*\})? (\d+)/gm;

/** @typedef {{ name: string, adminUrl: string, pid: () => number | undefined }} WatchedPart */
/** @typedef {{ atMs: number, pid: number, bytes: number }} Sample */
/**
 * How the memory of one process went.
 * @typedef {{ name: string, firstMiB: number, lastMiB: number, mibPerMinute: number | undefined }} MemoryTrend
 * `mibPerMinute`: undefined over too short a time
 */

/**
 * Resident memory of a process in bytes; undefined where it has ended, or the system does not say.
 * @param {number | undefined} pid
 */
function memoryOf(pid) {
  if (pid === undefined) return undefined;
  try {
    return residentBytes(pid);
  } catch {
    return undefined;
  }
}

/**
 * The line through the samples of the process that ran last, by least squares over the second half of its time.
 * @param {string} name
 * @param {readonly Sample[]} samples in their order
 * @returns {MemoryTrend | undefined} undefined without samples
 */
export function memoryTrend(name, samples) {
  const last = samples.at(-1);
  const own = samples.filter(({ pid }) => pid === last?.pid);
  const [first] = own;
  if (!first || !last) return undefined;
  const warmFromMs = first.atMs + (last.atMs - first.atMs) * WARM_SHARE;
  const warm = own.filter(({ atMs }) => atMs >= warmFromMs);
  const ends = { name, firstMiB: first.bytes / MIB, lastMiB: last.bytes / MIB };
  if (last.atMs - warmFromMs < SHORTEST_SLOPE_MS || warm.length < 2) return { ...ends, mibPerMinute: undefined };
  const minutes = warm.map(({ atMs }) => (atMs - first.atMs) / 1_000 / MINUTE_S);
  const mebibytes = warm.map(({ bytes }) => bytes / MIB);
  const mean = (/** @type {number[]} */ values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanMinutes, meanMebibytes] = [mean(minutes), mean(mebibytes)];
  const spread = minutes.reduce((sum, minute) => sum + (minute - meanMinutes) ** 2, 0);
  const together = minutes.reduce(
    (sum, minute, index) => sum + (minute - meanMinutes) * ((mebibytes[index] ?? 0) - meanMebibytes),
    0,
  );
  return { ...ends, mibPerMinute: together / spread };
}

/**
 * Adds up a counter that begins at nothing with each process.
 * @param {readonly number[]} values as they were read
 */
export function counterIncrease(values) {
  return values.slice(1).reduce((sum, value, index) => {
    const before = values[index] ?? 0;
    return sum + (value >= before ? value - before : value);
  }, 0);
}

/**
 * Watches what the processes of a cluster take while load is on it.
 * @param {readonly WatchedPart[]} parts
 */
export function watchProcesses(parts) {
  /** @type {Map<string, { samples: Sample[], queries: number[] }>} */
  const seen = new Map(parts.map(({ name }) => [name, { samples: [], queries: [] }]));
  let hasLoss = false;

  const look = async () => {
    const atMs = performance.now();
    await Promise.all(
      parts.map(async ({ name, adminUrl, pid }) => {
        const own = seen.get(name);
        const id = pid();
        const bytes = memoryOf(id);
        if (id !== undefined && bytes !== undefined) own?.samples.push({ atMs, pid: id, bytes });
        const queries = await readSnapshotQueries(adminUrl);
        if (queries !== undefined) own?.queries.push(queries);
      }),
    );
  };
  // One that is between two lives answers nothing: the next look has it.
  const timer = setInterval(() => void look(), LOOK_EVERY_MS).unref();
  const started = look();

  return {
    /** What is counted from now on is what a loss costs. */
    markLoss: async () => {
      await started;
      await look();
      for (const own of seen.values()) own.queries.splice(0, Math.max(0, own.queries.length - 1));
      hasLoss = true;
    },
    /**
     * Ends the watch.
     * @returns {Promise<{ memory: MemoryTrend[], snapshotQueries: number | undefined }>} queries since the loss, undefined without one
     */
    stop: async () => {
      clearInterval(timer);
      await started;
      await look();
      const all = [...seen];
      return {
        memory: all.flatMap(([name, { samples }]) => memoryTrend(name, samples) ?? []),
        snapshotQueries: hasLoss ? all.reduce((sum, [, { queries }]) => sum + counterIncrease(queries), 0) : undefined,
      };
    },
  };
}

/**
 * How often a process has read a page of a snapshot from Postgres.
 * @param {string} adminUrl
 * @returns {Promise<number | undefined>} undefined where nobody answers
 */
async function readSnapshotQueries(adminUrl) {
  try {
    const answer = await fetch(`${adminUrl}/metrics`, { signal: AbortSignal.timeout(ANSWER_MS) });
    const found = [...(await answer.text()).matchAll(SNAPSHOT_QUERIES)];
    return found.reduce((sum, [, value]) => sum + Number(value), 0);
  } catch {
    return undefined;
  }
}
