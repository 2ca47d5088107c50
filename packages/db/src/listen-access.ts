import type pg from 'pg';
import { openClient } from './open-client.ts';

export interface AccessListenerOptions {
  readonly url: string;
  /** Called with the user id whose session or role changed; null when notifications may have been missed. */
  readonly onChange: (userId: string | null) => void;
  readonly onError: (error: Error) => void;
  /** How often the connection is asked whether it lives, in milliseconds. */
  readonly probeIntervalMs?: number;
}

const RETRY_MS = 1_000;
/** A connection on which nothing comes may be dead without anybody having said so: it is asked now and then. */
const PROBE_INTERVAL_MS = 10_000;
const PROBE_LIMIT_MS = 5_000;

/** Hears of every ended session and changed role, by whatever program made it, and stays connected until disposed. */
export function listenForAccessChanges(options: AccessListenerOptions): AsyncDisposable & { ready: Promise<void> } {
  let stopped = false;
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  let probe: NodeJS.Timeout | undefined;

  const connect = async (): Promise<void> => {
    let failed = false;
    const fail = (error: Error) => {
      if (failed || stopped) return;
      failed = true;
      clearInterval(probe);
      options.onError(error);
      retry = setTimeout(() => void connect(), RETRY_MS);
      next.end().catch(options.onError);
    };
    const next = openClient(
      { connectionString: options.url, application_name: 'meldesync-access', query_timeout: PROBE_LIMIT_MS },
      fail,
    );
    client = next;
    next.on('end', () => fail(new Error('the connection that listens for access changes ended')));
    next.on('notification', (message) => options.onChange(message.payload ?? null));
    try {
      await next.connect();
      await next.query('listen meldesync_access');
      if (stopped) return;
      let isAsked = false;
      probe = setInterval(() => {
        if (isAsked) return;
        isAsked = true;
        next.query('select 1').then(() => {
          isAsked = false;
        }, fail);
      }, options.probeIntervalMs ?? PROBE_INTERVAL_MS);
      options.onChange(null);
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    }
  };

  const ready = connect();
  return {
    ready,
    [Symbol.asyncDispose]: async () => {
      stopped = true;
      clearTimeout(retry);
      await ready;
      clearInterval(probe);
      await client?.end();
    },
  };
}
