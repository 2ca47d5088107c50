import {
  type Database,
  isBeingRestored,
  listChangedTables,
  listChangedTriggers,
  listHistorySources,
  tryToSweep,
} from '@meldesync/db';
import type { Logger } from '@meldesync/telemetry';
import type { SweepMetrics } from '../../worker-metrics.ts';
import { type OneAtWorkSettings, pause, SLACK_MS, startOneAtWork } from '../one-at-work.ts';
import { sweepOnce } from './sweep-round.ts';

/** A statement that takes longer ends; it waits for no lock. */
const STATEMENT_TIMEOUT_MS = 60_000;

export interface SweepOptions extends OneAtWorkSettings {
  /** From the end of one round to the next; 0 for none at all. */
  readonly intervalMs: number;
  readonly metrics: SweepMetrics;
  readonly logger: Pick<Logger, 'event'>;
}

/**
 * Looks again and again for records that were written past the triggers, and tells of them, until it is disposed of, in one worker of
 * all.
 */
export function startSweep(options: SweepOptions): AsyncDisposable {
  return startOneAtWork({
    ...options,
    retryMs: options.intervalMs,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    mostIdleMs: options.intervalMs + SLACK_MS,
    tryToBeTheOne: tryToSweep,
    work: (database, signal) => sweepUntilAborted(options, database, signal),
    onFailure: (error) => options.logger.event('sweep-failed', { err: error }),
    onIdle: () => options.metrics.active.record(0),
  });
}

async function sweepUntilAborted(options: SweepOptions, database: Database, signal: AbortSignal): Promise<void> {
  options.metrics.active.record(1);
  const tell = createSituationLog(options.logger);
  // None is added: what writes a change writes its digest.
  let mayLackDigests = true;
  while (!signal.aborted) {
    if (await tell(database)) {
      const filled = await sweepOnce({ ...options, database, signal, mayLackDigests });
      mayLackDigests = filled > 0;
    }
    await pause(options.intervalMs, signal);
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
