import type { LiveLock, LockStore } from '@meldesync/client';

/**
 * The lock that matters to someone who looks at a case (R1.4): a colleague's, else their own of another window. Null
 * when nobody holds one, or this very window does. The same object until the lock changes.
 */
export function lockToShow(locks: Pick<LockStore, 'get'>, records: readonly number[], me: string): LiveLock | null {
  let elsewhere: LiveLock | null = null;
  for (const record of records) {
    const lock = locks.get(record);
    if (!lock || lock.own) continue;
    if (lock.user !== me) return lock;
    elsewhere ??= lock;
  }
  return elsewhere;
}

/** A colleague's lock on any of the records; only such a one blocks an edit. */
export function blockingLock(locks: Pick<LockStore, 'get'>, records: readonly number[], me: string): LiveLock | null {
  const lock = lockToShow(locks, records, me);
  return lock && lock.user !== me ? lock : null;
}
