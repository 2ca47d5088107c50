import { createStreamEraser, type RedisOptions } from '@meldesync/bus';
import {
  type BegunRun,
  beginRetention,
  type Database,
  endRetention,
  readRetentionState,
  sqlState,
  tryToRetain,
} from '@meldesync/db';
import type { RetentionLine } from '@meldesync/protocol';
import type { Logger } from '@meldesync/telemetry';
import type { RetentionMetrics } from '../../worker-metrics.ts';
import { type OneAtWorkSettings, pause, SLACK_MS, startOneAtWork } from '../one-at-work.ts';
import { finishErasures } from './finish-erasures.ts';
import { keepPartitions } from './keep-partitions.ts';
import { type RetentionRules, retain } from './retain.ts';

/** A statement that takes longer ends: a month of events has a great many. */
const STATEMENT_TIMEOUT_MS = 10 * 60_000;

export interface RetentionOptions extends RetentionRules, OneAtWorkSettings {
  /** Where the streams are of which something is erased. */
  readonly redis: RedisOptions;
  /** From the beginning of one run to the next; 0: only when somebody asks for one. */
  readonly everyHours: number;
  /** Between two looks whether there is something to do; 0 for none at all. */
  readonly lookMs: number;
  readonly metrics: RetentionMetrics;
  readonly logger: Pick<Logger, 'event'>;
}

/**
 * Lets go of what is over its time, once a day and when somebody asks for it, finishes erasures, and makes partitions of coming months whether
 * or not something goes, until it is disposed of, in one worker of all.
 */
export function startRetention(options: RetentionOptions): AsyncDisposable {
  tellNothing(options.metrics);
  return startOneAtWork({
    ...options,
    retryMs: options.lookMs,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    // Archives are written and read between two statements.
    mostIdleMs: options.lookMs + 5 * SLACK_MS,
    tryToBeTheOne: tryToRetain,
    work: (database, signal) => retainUntilAborted(options, database, signal),
    onFailure: (error) => options.logger.event('retention-unasked', { err: error }),
    onIdle: () => tellNothing(options.metrics),
  });
}

async function retainUntilAborted(options: RetentionOptions, database: Database, signal: AbortSignal): Promise<void> {
  using streams = createStreamEraser(options.redis);
  const lookAtPartitions = keepPartitions({ database, logger: options.logger, now: () => performance.now() });
  options.metrics.active.record(1);
  while (!signal.aborted) {
    await lookAtPartitions();
    await finishErasures({ ...options, database, streams });
    await tellState(database, options.metrics);
    const run = await beginRetention(database.drizzle, { dueAfterHours: options.everyHours });
    if (run) await carryOut(options, { database, run, signal });
    else await pause(options.lookMs, signal);
  }
}

const REASONS = ['not-archived', 'not-sealed', 'busy'] as const;

async function tellState({ drizzle }: Database, metrics: RetentionMetrics): Promise<void> {
  const { failedRuns, stays, openErasureMs } = await readRetentionState(drizzle);
  metrics.failed.record(failedRuns);
  metrics.openErasure.record(openErasureMs / 1_000);
  for (const reason of REASONS) metrics.held.record(stays.filter((one) => one === reason).length, { reason });
}

/** What this worker knew last is not how it is now, once another one does it. */
function tellNothing({ active, failed, held, openErasure }: RetentionMetrics): void {
  for (const gauge of [active, failed, openErasure]) gauge.record(0);
  for (const reason of REASONS) held.record(0, { reason });
}

/** One that its worker's end cuts off is begun again; what has failed is on record with how far it came. */
async function carryOut(
  options: RetentionOptions,
  { database, run, signal }: { readonly database: Database; readonly run: BegunRun; readonly signal: AbortSignal },
): Promise<void> {
  const { logger } = options;
  const lines: RetentionLine[] = [];
  const startedMs = performance.now();
  try {
    const report = await retain({ ...options, database, run, signal }, (line) => lines.push(line));
    await endRetention(database.drizzle, run.id, { report, failure: null });
    logger.event('retention-ran', {
      run: run.id,
      isDryRun: run.isDryRun,
      gone: Object.fromEntries(lines.map(({ of, count }) => [of, count])),
    });
    const stays = lines.filter((line) => line.stays !== null);
    if (stays.length > 0)
      logger.event('retention-held-up', {
        run: run.id,
        stays: Object.fromEntries(stays.map((line) => [line.of, line.stays])),
      });
  } catch (error) {
    if (signal.aborted) return;
    logger.event('retention-failed', { err: error, run: run.id });
    const report = { lines, tookMs: Math.round(performance.now() - startedMs) };
    await endRetention(database.drizzle, run.id, { report, failure: nameOf(error) });
  }
}

/** A word for the report, that of the innermost cause that has one: no text of an error, which may hold data. The whole is in the log. */
function nameOf(error: unknown): string {
  const state = sqlState(error);
  if (state !== undefined) return `SQLSTATE ${state}`;
  for (let current = error; current instanceof Error; current = current.cause)
    if ('code' in current && typeof current.code === 'string') return current.code;
  return error instanceof Error ? error.name : typeof error;
}
