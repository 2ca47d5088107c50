import type { EndedLock, LockEnd, Locks, RecordLock } from '@meldesync/protocol';

/** The locks of a workspace as a model: who holds what, and what everyone is told of it. Without a clock. */
export interface ReferenceLocks {
  readonly all: readonly RecordLock[];
  /** The lock of another user on a record. */
  blocking(record: number, user: string): RecordLock | undefined;
  /** The lock that was granted, or those that stand against it. */
  take(holder: Holder, records: readonly number[]): RecordLock | readonly RecordLock[];
  /** False when there is none of that id. */
  end(lock: string, reason: LockEnd, by?: string): boolean;
  /** The client's connection is gone: its locks wait for it. */
  orphan(instance: string): void;
  /** The client is back. */
  resume(instance: string): void;
  /** The time of all orphaned locks is over. */
  expireOrphans(): void;
  /** The first message about locks of a connection. */
  full(): Locks;
}

/** Whose lock it is. */
interface Holder {
  readonly user: string;
  readonly instance: string;
}

const ORPHAN_MS = 10_000;

/** No locks; `tell` gets every change for those who follow the workspace. */
export function createReferenceLocks(tell: (message: Locks) => void): ReferenceLocks {
  const locks = new Map<string, RecordLock>();
  let ids = 0;

  const changed = (set: RecordLock[], ended: EndedLock[]): void => {
    if (set.length + ended.length > 0) tell({ type: 'locks', full: false, set, ended });
  };
  const end = (lock: string, reason: LockEnd, by?: string): boolean => {
    if (!locks.delete(lock)) return false;
    changed([], [{ lock, reason, ...(by === undefined ? {} : { by }) }]);
    return true;
  };
  const setEnd = (instance: string, endsInMs: number | null): void => {
    const own = [...locks.values()].filter((lock) => lock.instance === instance && lock.endsInMs !== endsInMs);
    const set = own.map((lock) => ({ ...lock, endsInMs }));
    for (const lock of set) locks.set(lock.lock, lock);
    changed(set, []);
  };

  return {
    get all() {
      return [...locks.values()];
    },
    blocking: (record, user) => [...locks.values()].find((lock) => lock.user !== user && lock.records.includes(record)),
    take(holder, records) {
      const overlapping = [...locks.values()].filter((lock) => lock.records.some((record) => records.includes(record)));
      const others = overlapping.filter(({ user }) => user !== holder.user);
      if (others.length > 0) return others;
      const same = overlapping.find(
        (lock) => lock.instance === holder.instance && lock.endsInMs === null && lock.records.join() === records.join(),
      );
      if (same) return same;
      for (const { lock } of overlapping) end(lock, 'taken-over');
      const lock: RecordLock = {
        ...holder,
        lock: `0190c2d4-7a52-7d2f-9d8e-${(++ids).toString(16).padStart(12, '0')}`,
        records: [...records],
        since: '2026-01-01T00:00:00.000Z',
        endsInMs: null,
      };
      locks.set(lock.lock, lock);
      changed([lock], []);
      return lock;
    },
    end,
    orphan: (instance) => setEnd(instance, ORPHAN_MS),
    resume: (instance) => setEnd(instance, null),
    expireOrphans() {
      for (const { lock, endsInMs } of locks.values()) if (endsInMs !== null) end(lock, 'expired');
    },
    full: () => ({ type: 'locks', full: true, set: [...locks.values()], ended: [] }),
  };
}
