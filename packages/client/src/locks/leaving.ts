import type { UpMessage } from '@meldesync/protocol';
import type { MessageBudget } from '../edits/message-budget.ts';
import type { ClientRuntime } from '../types/environment.ts';
import type { LockRef } from './claims.ts';
import { LOCK_ANSWER_LIMIT_MS, type LockRequests } from './requests.ts';

/** A lock that was given back and may still be there. */
interface Leaving {
  readonly records: readonly number[];
  /** What to do when it is gone. */
  readonly gone: (() => void)[];
  timer: unknown;
}

/** Locks on their way out: given back, and not known to be gone. */
export interface LeavingLocks {
  has(lock: string): boolean;
  /** Gives a lock back; resolves when it is gone, however that came. */
  giveBack(lock: LockRef): Promise<void>;
  /** It is gone. Nothing happens when it was not on its way out. */
  left(lock: string): void;
  /** Only these are still there. */
  leftBut(there: ReadonlySet<string>): void;
  /** Acts once no lock of these records is on its way out: at once, or with the end of the last of them. */
  onceFree(records: readonly number[], act: () => void): void;
}

interface LeavingInput {
  readonly runtime: ClientRuntime;
  readonly budget: MessageBudget;
  readonly requests: LockRequests;
  readonly isOnline: () => boolean;
  readonly send: (message: UpMessage) => void;
}

/** Makes an empty list. */
export function createLeavingLocks({ runtime, budget, requests, isOnline, send }: LeavingInput): LeavingLocks {
  const leaving = new Map<string, Leaving>();

  const left = (lock: string): void => {
    const entry = leaving.get(lock);
    if (!entry) return;
    leaving.delete(lock);
    if (entry.timer !== null) runtime.clearTimeout(entry.timer);
    for (const gone of entry.gone) gone();
  };

  /** Asks again until the lock is gone: as long as the connection lives, nothing else would end it. */
  const ask = (lock: string): void => {
    const entry = leaving.get(lock);
    if (!entry || !isOnline()) return;
    entry.timer = null;
    budget.spend();
    const request = requests.open({
      onAnswer: () => left(lock),
      onFailure({ retryable }) {
        // It may be known to be gone before its question is answered, or the client is stopped.
        if (leaving.get(lock) !== entry) return;
        if (!isOnline() || !retryable) left(lock);
        else entry.timer = runtime.setTimeout(() => ask(lock), LOCK_ANSWER_LIMIT_MS);
      },
    });
    send({ type: 'unlock', request, lock });
  };

  const onceFree = (records: readonly number[], act: () => void): void => {
    const inTheWay = [...leaving.values()].find((entry) => records.some((record) => entry.records.includes(record)));
    if (inTheWay) inTheWay.gone.push(() => onceFree(records, act));
    else act();
  };

  return {
    has: (lock) => leaving.has(lock),
    left,
    leftBut(there) {
      for (const lock of leaving.keys()) if (!there.has(lock)) left(lock);
    },
    giveBack({ lock, records }) {
      // Without a connection the server lets it go, or lists it on the next one, where it is given back.
      if (!isOnline()) return Promise.resolve();
      return new Promise((gone) => {
        leaving.set(lock, { records, gone: [gone], timer: null });
        ask(lock);
      });
    },
    onceFree,
  };
}
