import { withTimeout } from '@meldesync/lifecycle';
import type { Redis } from 'ioredis';
import Redlock, { ExecutionError, Lock, ResourceLockedError } from 'redlock';

/** Mutual exclusion over names, by redlock: granted by most of the Redis masters or by none. No promise of it escapes. */
export interface Mutex {
  /** The token that extends and releases them; `held` when someone else has one of them. */
  acquire(names: readonly string[], ttlMs: number): Promise<{ readonly token: string } | 'held' | 'unavailable'>;
  extend(names: readonly string[], token: string, ttlMs: number): Promise<'extended' | 'lost' | 'unavailable'>;
  /** A mutex that cannot be released now ends with its time. */
  release(names: readonly string[], token: string): Promise<void>;
  /** Takes away what stands under the names and never ends, which no mutex is; how many there were. */
  clearForeign(names: readonly string[]): Promise<number>;
}

/** Redlock waits for votes that may never come (two masters of two opinions): no answer by then is none. */
const DECISION_LIMIT_MS = 1_500;

export interface MutexOptions {
  /** Independent masters, an odd number; one is enough where one Redis is. */
  readonly masters: readonly Redis[];
  readonly prefix: string;
}

export function createMutex({ masters, prefix }: MutexOptions): Mutex {
  const redlock = new Redlock(masters, { retryCount: 0, retryDelay: 0, retryJitter: 0 });
  const keys = (names: readonly string[]) => names.map((name) => `${prefix}:${name}`);
  /** Redlock asks for a lock object; its own idea of the time left does not matter, the masters know. */
  const lockOf = (names: readonly string[], token: string) =>
    new Lock(redlock, keys(names), token, [], Date.now() + 60_000);

  return {
    async acquire(names, ttlMs) {
      const result = await decide(redlock.acquire(keys(names), ttlMs));
      if (result instanceof Lock) {
        if (result.expiration > Date.now()) return { token: result.value };
        // It took longer than the lock lives.
        await decide(redlock.release(result));
        return 'unavailable';
      }
      return result.reason === 'locked' ? 'held' : 'unavailable';
    },
    async extend(names, token, ttlMs) {
      const result = await decide(redlock.extend(lockOf(names, token), ttlMs));
      if (result instanceof Lock) return 'extended';
      return result.reason === 'locked' ? 'lost' : 'unavailable';
    },
    async release(names, token) {
      await decide(redlock.release(lockOf(names, token)));
    },
    async clearForeign(names) {
      const counts = await Promise.all(masters.map((master) => master.clearForeign(names.length, ...keys(names))));
      return Math.max(...counts);
    },
  };
}

interface Refusal {
  readonly reason: 'locked' | 'unavailable';
}

/** The outcome of an operation of redlock, or why there was none. Rejects only on a programming error. */
function decide<Outcome>(operation: Promise<Outcome>): Promise<Outcome | Refusal> {
  const outcome = operation.catch(async (error: unknown): Promise<Refusal> => {
    if (!(error instanceof ExecutionError)) throw error;
    return { reason: (await wasLocked(error)) ? 'locked' : 'unavailable' };
  });
  return withTimeout(outcome, DECISION_LIMIT_MS, (): Refusal => ({ reason: 'unavailable' }));
}

/** Whether a master said that somebody else has it, rather than that it could not be asked. */
async function wasLocked(error: ExecutionError): Promise<boolean> {
  const attempts = await Promise.all(error.attempts);
  return attempts.some(({ votesAgainst }) =>
    [...votesAgainst.values()].some((vote) => vote instanceof ResourceLockedError),
  );
}
