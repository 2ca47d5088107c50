import { setTimeout as sleep } from 'node:timers/promises';
import { connectOnce, type Database } from '@meldesync/db';

/** What the jobs have in common of which one worker at a time does each. */
export interface OneAtWorkSettings {
  readonly databaseUrl: string;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  readonly onConnectionError: (error: Error) => void;
}

export interface OneAtWorkOptions extends OneAtWorkSettings {
  /** Between two tries to be the one; 0: this worker never tries. */
  readonly retryMs: number;
  /** A statement that takes longer ends. */
  readonly statementTimeoutMs: number;
  /**
   * The work asks Postgres something at least so often. Where it does not for longer, Postgres ends its connection, and another worker takes over: this
   * one is frozen, or cut off, and would hold the lock for ever.
   */
  readonly mostIdleMs: number;
  /** Takes the lock of the job, which the connection holds; whether it was free. */
  readonly tryToBeTheOne: (database: Database['drizzle']) => Promise<boolean>;
  /** Returns when the signal aborts, and rejects when it cannot go on. */
  readonly work: (database: Database, signal: AbortSignal) => Promise<void>;
  /** Told of what the work, or the connection for it, rejected with; it is tried again. */
  readonly onFailure: (error: unknown) => void;
  /** Told after each try, when the work is no longer this worker's. */
  readonly onIdle?: () => void;
}

/** So long a worker may be busy with something else between two statements, besides its pauses. */
export const SLACK_MS = 60_000;

/**
 * Does a job that one worker of all does, until it is disposed of: the one whose connection holds the lock. When that ends, another one finds the
 * lock free at its next try.
 */
export function startOneAtWork(options: OneAtWorkOptions): AsyncDisposable {
  const stopping = new AbortController();
  const running = options.retryMs === 0 ? Promise.resolve() : tryUntilAborted(options, stopping.signal);
  return {
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await running;
    },
  };
}

async function tryUntilAborted(options: OneAtWorkOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await workWhileAlone(options, signal);
    } catch (error) {
      if (!signal.aborted) options.onFailure(error);
    }
    options.onIdle?.();
    await pause(options.retryMs, signal);
  }
}

/** Returns at once where another worker does it. */
async function workWhileAlone(options: OneAtWorkOptions, signal: AbortSignal): Promise<void> {
  await using database = await connectOnce(
    {
      connectionString: options.databaseUrl,
      application_name: options.applicationName,
      statement_timeout: options.statementTimeoutMs,
      query_timeout: 2 * options.statementTimeoutMs,
      options: `-c idle_session_timeout=${options.mostIdleMs} -c idle_in_transaction_session_timeout=${options.mostIdleMs}`,
    },
    options.onConnectionError,
  );
  if (await options.tryToBeTheOne(database.drizzle)) await options.work(database, signal);
}

/** Waits, or returns early when the signal aborts: whoever pauses looks at that next. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
