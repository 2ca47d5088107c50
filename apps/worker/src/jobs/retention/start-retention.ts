import { setTimeout as sleep } from 'node:timers/promises';
import { createStreamEraser, type RedisOptions } from '@meldesync/bus';
import { type BegunRun, beginRetention, connectOnce, type Database, endRetention, tryToRetain } from '@meldesync/db';
import type { RetentionLine } from '@meldesync/protocol';
import type { Logger } from '@meldesync/telemetry';
import { finishErasures } from './finish-erasures.ts';
import { type RetentionRules, retain } from './retain.ts';

/** A statement that takes longer ends: a month of events has a great many. */
const STATEMENT_TIMEOUT_MS = 10 * 60_000;

export interface RetentionOptions extends RetentionRules {
  readonly databaseUrl: string;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Where the streams are of which something is erased. */
  readonly redis: RedisOptions;
  /** From the beginning of one run to the next; 0: only when somebody asks for one. */
  readonly everyHours: number;
  /** Between two looks whether there is something to do; 0 for none at all. */
  readonly lookMs: number;
  readonly logger: Pick<Logger, 'event'>;
  readonly onConnectionError: (error: Error) => void;
}

/**
 * Lets go of what is over its time, once a day and when somebody asks for it, and finishes erasures, until it is disposed of. Of all workers
 * one does, whose connection holds the lock: when it ends, another one finds the lock free at its next try.
 */
export function startRetention(options: RetentionOptions): AsyncDisposable {
  const stopping = new AbortController();
  const running = options.lookMs === 0 ? Promise.resolve() : untilAborted(options, stopping.signal);
  return {
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await running;
    },
  };
}

async function untilAborted(options: RetentionOptions, signal: AbortSignal): Promise<void> {
  using streams = createStreamEraser(options.redis);
  while (!signal.aborted) {
    try {
      await using database = await connect(options);
      if (await tryToRetain(database.drizzle))
        while (!signal.aborted) {
          await finishErasures({ ...options, database, streams });
          const run = await beginRetention(database.drizzle, { dueAfterHours: options.everyHours });
          if (run) await carryOut(options, { database, run, signal });
          else await pause(options, signal);
        }
    } catch (error) {
      if (!signal.aborted) options.logger.event('retention-unasked', { err: error });
    }
    await pause(options, signal);
  }
}

function connect({ databaseUrl, applicationName, onConnectionError }: RetentionOptions): Promise<Database> {
  return connectOnce(
    {
      connectionString: databaseUrl,
      application_name: applicationName,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: 2 * STATEMENT_TIMEOUT_MS,
    },
    onConnectionError,
  );
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
      isDryRun: run.isDryRun,
      gone: Object.fromEntries(lines.map(({ of, count }) => [of, count])),
    });
    const stays = lines.filter((line) => line.stays !== null);
    if (stays.length > 0)
      logger.event('retention-held-up', { stays: Object.fromEntries(stays.map((line) => [line.of, line.stays])) });
  } catch (error) {
    if (signal.aborted) return;
    logger.event('retention-failed', { err: error });
    const report = { lines, tookMs: Math.round(performance.now() - startedMs) };
    await endRetention(database.drizzle, run.id, { report, failure: nameOf(error) });
  }
}

/** A word for the report: the whole is in the log. */
function nameOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : String(name);
}

async function pause({ lookMs }: RetentionOptions, signal: AbortSignal): Promise<void> {
  try {
    await sleep(lookMs, undefined, { signal });
  } catch (error) {
    // Whoever pauses looks at the signal next.
    if (!signal.aborted) throw error;
  }
}
