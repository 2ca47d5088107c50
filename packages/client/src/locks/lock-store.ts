import type { Locks, RecordLock } from '@meldesync/protocol';
import { createEmitter, type ReportError } from '../events/emitter.ts';
import type { ClientRuntime } from '../types/environment.ts';
import type { LiveLock, LockStore } from '../types/locks.ts';

/** The lock store as the connection sees it. */
export interface WritableLockStore extends LockStore {
  /** Applies a message and tells the readers once. */
  receive(message: Pick<Locks, 'full' | 'set' | 'ended'>): void;
  /** The lock of a message as readers see it. */
  toLiveLock(lock: RecordLock): LiveLock;
  /** Nothing is known any more: the connection is gone. Ends the timer. */
  clear(): void;
}

interface LockStoreInput {
  readonly runtime: ClientRuntime;
  /** This client, as locks name it. */
  readonly instance: string;
  /** Hears of listeners that throw. */
  readonly report: ReportError;
}

/** Makes an empty store. A lock whose end passes vanishes by itself: its node may be the one that is gone (R2.3). */
export function createLockStore({ runtime, instance, report }: LockStoreInput): WritableLockStore {
  const locks = new Map<string, LiveLock>();
  let byRecord = new Map<number, LiveLock>();
  const emitter = createEmitter<void>(report);
  let timer: unknown = null;

  const toLiveLock = (lock: RecordLock): LiveLock => ({
    lock: lock.lock,
    records: lock.records,
    user: lock.user,
    instance: lock.instance,
    since: Date.parse(lock.since),
    endsAt: lock.endsInMs === null ? null : runtime.now() + lock.endsInMs,
    own: lock.instance === instance,
  });

  /** There are few locks, one a person at most times: the index is made anew. */
  const changed = (): void => {
    byRecord = new Map();
    for (const lock of locks.values()) for (const record of lock.records) byRecord.set(record, lock);
    schedule();
    emitter.emit();
  };

  const schedule = (): void => {
    if (timer !== null) runtime.clearTimeout(timer);
    timer = null;
    const ends = Array.from(locks.values(), ({ endsAt }) => endsAt ?? Number.POSITIVE_INFINITY);
    const first = Math.min(...ends);
    if (first < Number.POSITIVE_INFINITY) timer = runtime.setTimeout(expire, Math.max(0, first - runtime.now()));
  };

  const expire = (): void => {
    timer = null;
    const now = runtime.now();
    for (const [id, { endsAt }] of locks) if (endsAt !== null && endsAt <= now) locks.delete(id);
    changed();
  };

  return {
    get: (record) => byRecord.get(record),
    values: () => locks.values(),
    subscribe: (listener) => emitter.subscribe(listener),
    toLiveLock,

    receive({ full, set, ended }) {
      if (full) locks.clear();
      for (const { lock } of ended) locks.delete(lock);
      for (const lock of set) locks.set(lock.lock, toLiveLock(lock));
      if (full || set.length + ended.length > 0) changed();
    },

    clear() {
      if (locks.size === 0) return;
      locks.clear();
      changed();
    },
  };
}
