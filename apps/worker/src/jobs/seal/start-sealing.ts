import { setTimeout as sleep } from 'node:timers/promises';
import { connectOnce, type Database, type SealRound, sealEntries, tryToBeSealer } from '@meldesync/db';
import type { Logger } from '@meldesync/telemetry';
import type { SealMetrics } from '../../worker-metrics.ts';
import { type CheckpointSettings, startCheckpoints } from './checkpoints.ts';

/** A statement that takes longer ends; it waits for no lock that an edit holds. */
const STATEMENT_TIMEOUT_MS = 60_000;
/** So many entries at a time: the hashes of a batch take Postgres less than a second. */
const BATCH = 10_000;
/** A transaction that is open for longer keeps so much from being sealed that somebody should look. */
const HELD_TOO_LONG_MS = 60_000;
/** After each batch that was full it pauses so many times as long as that took. */
const PAUSE_FACTOR = 1;

export interface SealingOptions {
  readonly databaseUrl: string;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** From the end of one round to the next; 0 for none at all. */
  readonly intervalMs: number;
  /** Without it nothing is signed. */
  readonly checkpoints?: CheckpointSettings | undefined;
  readonly metrics: SealMetrics;
  readonly logger: Pick<Logger, 'event'>;
  readonly onConnectionError: (error: Error) => void;
}

/**
 * Seals the trail again and again until it is disposed of. Of all workers one does, whose connection holds the lock: when it ends,
 * another one finds the lock free at its next try.
 */
export function startSealing(options: SealingOptions): AsyncDisposable {
  const stopping = new AbortController();
  const running = options.intervalMs === 0 ? Promise.resolve() : sealUntilAborted(options, stopping.signal);
  return {
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await running;
    },
  };
}

async function sealUntilAborted(options: SealingOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await sealWhileAlone(options, signal);
    } catch (error) {
      if (!signal.aborted) options.logger.event('seal-failed', { err: error });
    }
    options.metrics.active.record(0);
    await pause(options.intervalMs, signal);
  }
}

/** Returns at once where another worker does it. */
async function sealWhileAlone(options: SealingOptions, signal: AbortSignal): Promise<void> {
  const { metrics, logger } = options;
  await using database = await connectOnce(
    {
      connectionString: options.databaseUrl,
      application_name: options.applicationName,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: 2 * STATEMENT_TIMEOUT_MS,
    },
    options.onConnectionError,
  );
  if (!(await tryToBeSealer(database.drizzle))) return;
  metrics.active.record(1);
  if (options.checkpoints === undefined) logger.event('seals-unsigned', {});
  const checkpoints =
    options.checkpoints && (await startCheckpoints(options.checkpoints, { database, metrics, logger, signal }));
  const tellOfHolder = createHolderLog(logger);
  while (!signal.aborted) {
    const { round, tookMs } = await sealRound(database, metrics);
    if (round?.began) logger.event('incarnation-began', { server: round.began });
    tellOfHolder(round);
    await checkpoints?.advance();
    await pause(round?.isBehind ? tookMs * PAUSE_FACTOR : options.intervalMs, signal);
  }
}

async function sealRound(
  database: Database,
  metrics: SealMetrics,
): Promise<{ round: SealRound | null; tookMs: number }> {
  const askedMs = performance.now();
  const round = await sealEntries(database.drizzle, BATCH);
  const tookMs = performance.now() - askedMs;
  metrics.queryTime.add(tookMs / 1_000);
  if (round !== null) {
    metrics.entries.add(round.sealed);
    // What waits is at least as old as the transaction that it waits for.
    metrics.lag.record(Math.max(round.lagMs, round.heldMs) / 1_000);
    metrics.held.record(round.heldMs / 1_000);
  }
  return { round, tookMs };
}

/** Says once of each transaction that it has been open for too long. */
function createHolderLog(logger: SealingOptions['logger']): (round: SealRound | null) => void {
  let told: number | null | undefined;
  return (round) => {
    if (round === null || round.heldMs < HELD_TOO_LONG_MS) {
      told = undefined;
      return;
    }
    if (told === round.heldBy) return;
    told = round.heldBy;
    logger.event('seals-held', { waitedMs: Math.round(round.heldMs), pid: round.heldBy ?? undefined });
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    // Whoever pauses looks at the signal next.
    if (!signal.aborted) throw error;
  }
}
