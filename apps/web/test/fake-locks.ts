import type { ConnectionState, HeldLock, LiveLock, LockAnswer } from '@meldesync/client';
import type { EndedLock } from '@meldesync/protocol';
import type { LockingClient } from '../src/features/locks/edit-lock.ts';

/** A lock as a client knows it. */
export function liveLock(lock: Partial<LiveLock> & Pick<LiveLock, 'records'>): LiveLock {
  return { lock: 'lock-1', user: 'ben', instance: 'other-tab', since: 0, endsAt: null, own: false, ...lock };
}

/** A hold on a lock whose end the test decides. */
export interface HeldByTest extends HeldLock {
  readonly isReleased: () => boolean;
  readonly lose: (end: Omit<EndedLock, 'lock'>) => void;
}

/** Grants a lock. */
export function grantedLock(records: readonly number[]): HeldByTest {
  const listeners = new Set<(end: EndedLock) => void>();
  let isReleased = false;
  return {
    lock: 'mine',
    records,
    onLost(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    release: () => {
      isReleased = true;
      return Promise.resolve();
    },
    isReleased: () => isReleased,
    lose: (end) => {
      for (const listener of listeners) listener({ lock: 'mine', ...end });
    },
  };
}

/** The part of a client that locks, without a connection: tests of what is made of its answers decide them here. */
export class LocksByTest implements LockingClient {
  connection: ConnectionState = { name: 'live', roundTripMs: null };
  /** What was asked for, and the way to answer it. */
  readonly asked: {
    records: readonly number[];
    answer: (answer: LockAnswer) => void;
    fail: (error?: Error) => void;
  }[] = [];
  #locks: readonly LiveLock[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #connectionListeners = new Set<(state: ConnectionState) => void>();

  readonly locks = {
    get: (record: number) => this.#locks.find(({ records }) => records.includes(record)),
    values: () => this.#locks.values(),
    subscribe: (listener: () => void) => {
      this.#listeners.add(listener);
      return () => this.#listeners.delete(listener);
    },
  };

  lock(records: readonly number[]): Promise<LockAnswer> {
    return new Promise((answer, reject) => {
      this.asked.push({ records, answer, fail: (error = new Error('unavailable')) => reject(error) });
    });
  }

  onConnection(listener: (state: ConnectionState) => void) {
    this.#connectionListeners.add(listener);
    return () => this.#connectionListeners.delete(listener);
  }

  /** The locks of the workspace are these now. */
  show(...locks: readonly LiveLock[]): void {
    this.#locks = locks;
    for (const listener of this.#listeners) listener();
  }

  connect(state: ConnectionState): void {
    this.connection = state;
    for (const listener of this.#connectionListeners) listener(state);
  }

  get listenerCount(): number {
    return this.#listeners.size + this.#connectionListeners.size;
  }
}

/** Lets promises that are settled run on. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
