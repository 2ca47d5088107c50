import { setTimeout as sleep } from 'node:timers/promises';
import { sqlState } from '@meldesync/db';

/** How often something got through, and how often it was refused or broke off. */
interface Tally {
  readonly done: number;
  readonly refused: number;
}

/** Something that is done again and again. */
export interface Repetition {
  /** Ends it, once what is being done is over. Rejects with what broke otherwise than by Postgres not doing it. */
  end(): Promise<Tally>;
}

export interface RepeatOptions {
  readonly everyMs: number;
  /** 0, 1, 2, … whether it gets through or not. */
  readonly act: (count: number) => Promise<unknown>;
}

/** Does something with Postgres, which may be broken at the time, again and again until it is ended. */
export function repeat({ everyMs, act }: RepeatOptions): Repetition {
  const ending = new AbortController();
  let done = 0;
  let refused = 0;
  const running = (async () => {
    for (let count = 0; !ending.signal.aborted; count++) {
      try {
        await act(count);
        done += 1;
      } catch (error) {
        if (!isOfPostgres(error)) throw error;
        refused += 1;
      }
      await pause(everyMs, ending.signal);
    }
  })();
  // Whoever ends it hears of it.
  running.catch(() => undefined);
  return {
    end: async () => {
      ending.abort();
      await running;
      return { done, refused };
    },
  };
}

/** Waits; no longer than until `signal` ends it, which is no failure. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Whether Postgres refused something, or was not there or went away meanwhile; anything else is a mistake of who asked. */
export function isOfPostgres(error: unknown): boolean {
  if (sqlState(error) !== undefined) return true;
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.every(isOfPostgres);
  const { syscall } = error as NodeJS.ErrnoException;
  // `pg` has no code for an end that it was not told of.
  return syscall !== undefined || /^Connection terminated|not queryable/.test(error.message);
}
