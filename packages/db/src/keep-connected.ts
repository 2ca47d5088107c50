import { AWAKE_TIMERS, withTimeout } from '@meldesync/lifecycle';
import type pg from 'pg';
import { endClient } from './end-client.ts';
import { openClient } from './open-client.ts';

/** Postgres left a question unanswered for too long: it, or the way there, is gone without a word. */
export class PostgresSilentError extends Error {
  constructor(limitMs: number) {
    super(`Postgres did not answer within ${limitMs} ms`);
    this.name = 'PostgresSilentError';
  }
}

export interface KeepConnectedOptions {
  readonly url: string;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** The connection stands, again or for the first time; what is asked here has its time too. */
  readonly onOpen?: (client: pg.Client) => Promise<void>;
  /** The connection broke, or was given up with a `PostgresSilentError`. Another one is made. */
  readonly onLost: (error: Error) => void;
  /** How often the connection is asked whether it lives, in milliseconds. */
  readonly probeIntervalMs?: number;
}

/** One connection that is kept, until disposed of. */
export interface KeptConnection extends AsyncDisposable {
  /** Resolves when the first try has come to something. */
  readonly ready: Promise<void>;
  /** Whether Postgres has answered the last question on it. */
  readonly answers: boolean;
}

const RETRY_MS = 1_000;
/** Together at most 6 s: so long a dead connection may go unnoticed. */
const PROBE_INTERVAL_MS = 2_000;
const PROBE_LIMIT_MS = 4_000;

/**
 * Keeps a connection to Postgres and asks now and then whether it lives: one on which nothing comes may be dead without anybody
 * having said so. It has nothing else to do, so that an answer never waits for other work of this program.
 */
export function keepConnected(options: KeepConnectedOptions): KeptConnection {
  const { probeIntervalMs = PROBE_INTERVAL_MS } = options;
  let stopped = false;
  let answers = false;
  let client: pg.Client | undefined;
  let next: NodeJS.Timeout | undefined;

  const connect = async (): Promise<void> => {
    let failed = false;
    const fail = (error: Error) => {
      if (failed || stopped) return;
      failed = true;
      answers = false;
      clearTimeout(next);
      options.onLost(error);
      next = setTimeout(() => void connect(), RETRY_MS);
      endClient(opened).catch(options.onLost);
    };
    const opened = openClient({ connectionString: options.url, application_name: options.applicationName }, fail);
    client = opened;
    opened.on('end', () => fail(new Error('the connection ended')));
    const probe = async (): Promise<void> => {
      try {
        await answered(opened.query('select 1'));
        if (!failed && !stopped) next = setTimeout(() => void probe(), probeIntervalMs);
      } catch (error) {
        fail(asError(error));
      }
    };
    try {
      await answered(opened.connect());
      await answered(options.onOpen?.(opened) ?? Promise.resolve());
      if (failed || stopped) return;
      answers = true;
      next = setTimeout(() => void probe(), probeIntervalMs);
    } catch (error) {
      fail(asError(error));
    }
  };

  const ready = connect();
  return {
    ready,
    get answers() {
      return answers;
    },
    [Symbol.asyncDispose]: async () => {
      stopped = true;
      clearTimeout(next);
      await ready;
      clearTimeout(next);
      if (client) await endClient(client);
    },
  };
}

function answered<T>(work: Promise<T>): Promise<T> {
  return withTimeout(
    work,
    PROBE_LIMIT_MS,
    () => {
      throw new PostgresSilentError(PROBE_LIMIT_MS);
    },
    AWAKE_TIMERS,
  );
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
