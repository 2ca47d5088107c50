import type { LiveLock, LockStore } from '@meldesync/client';
import { useCallback, useSyncExternalStore } from 'react';

/** Whether a lock that was told about is gone meanwhile. Null, a lock nobody knows, never is. */
export function useIsOver(locks: LockStore, lock: LiveLock | null): boolean {
  const subscribe = useCallback((listener: () => void) => locks.subscribe(listener), [locks]);
  return useSyncExternalStore(subscribe, () => {
    const [record] = lock?.records ?? [];
    return record !== undefined && locks.get(record)?.lock !== lock?.lock;
  });
}
