import { setTimeout as sleep } from 'node:timers/promises';
import {
  connectOnce,
  type Database,
  isBeingRestored,
  listChangedTables,
  listChangedTriggers,
  listHistorySources,
  tryToSweep,
} from '@meldesync/db';
import type { Logger } from '@meldesync/telemetry';
import type { SweepMetrics } from '../../worker-metrics.ts';
import { sweepOnce } from './sweep-round.ts';

/** A statement that takes longer ends; it waits for no lock. */
const STATEMENT_TIMEOUT_MS = 60_000;

export interface SweepOptions {
  readonly databaseUrl: string;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** From the end of one round to the next; 0 for none at all. */
  readonly intervalMs: number;
  readonly metrics: SweepMetrics;
  readonly logger: Pick<Logger, 'event'>;
  readonly onConnectionError: (error: Error) => void;
}

/**
 * Looks again and again for records that were written past the triggers, and tells of them, until it is disposed of. Of all workers
 * one does, whose connection holds the lock: when it ends, another one finds the lock free at its next try.
 */
export function startSweep(options: SweepOptions): AsyncDisposable {
  const stopping = new AbortController();
  const running = options.intervalMs === 0 ? Promise.resolve() : sweepUntilAborted(options, stopping.signal);
  return {
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await running;
    },
  };
}

async function sweepUntilAborted(options: SweepOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await sweepWhileAlone(options, signal);
    } catch (error) {
      if (!signal.aborted) options.logger.event('sweep-failed', { err: error });
    }
    options.metrics.active.record(0);
    await pause(options, signal);
  }
}

/** Returns at once where another worker does it. */
async function sweepWhileAlone(options: SweepOptions, signal: AbortSignal): Promise<void> {
  await using database = await connectOnce(
    {
      connectionString: options.databaseUrl,
      application_name: options.applicationName,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: 2 * STATEMENT_TIMEOUT_MS,
    },
    options.onConnectionError,
  );
  if (!(await tryToSweep(database.drizzle))) return;
  options.metrics.active.record(1);
  const tell = createSituationLog(options.logger);
  // None is added: what writes a change writes its digest.
  let mayLackDigests = true;
  while (!signal.aborted) {
    if (await tell(database)) {
      const filled = await sweepOnce({ ...options, database, signal, mayLackDigests });
      mayLackDigests = filled > 0;
    }
    await pause(options, signal);
  }
}

/** Says once of each situation what stands in the way; whether a round makes sense in it. */
function createSituationLog(logger: SweepOptions['logger']): (database: Database) => Promise<boolean> {
  let told = '';
  return async ({ drizzle }) => {
    const subscriptions = await listHistorySources(drizzle);
    const triggers = await listChangedTriggers(drizzle);
    const tables = await listChangedTables(drizzle);
    const isRestored = await isBeingRestored(drizzle);
    const situation = JSON.stringify([subscriptions, triggers, tables, isRestored]);
    if (situation !== told) {
      if (subscriptions.length > 0) logger.event('history-subscribed', { subscriptions });
      if (triggers.length > 0) logger.event('triggers-changed', { triggers });
      if (tables.length > 0) logger.event('tables-changed', { tables });
      if (isRestored) logger.event('restore-under-way', {});
      told = situation;
    }
    return subscriptions.length === 0 && !isRestored;
  };
}

async function pause({ intervalMs }: SweepOptions, signal: AbortSignal): Promise<void> {
  try {
    await sleep(intervalMs, undefined, { signal });
  } catch (error) {
    // Whoever pauses looks at the signal next.
    if (!signal.aborted) throw error;
  }
}
