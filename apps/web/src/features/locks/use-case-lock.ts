import type { LiveLock } from '@meldesync/client';
import { useCallback, useSyncExternalStore } from 'react';
import { useSync } from '../../sync/sync-context.tsx';
import { lockToShow } from './lock-to-show.ts';

interface CaseLock {
  readonly lock: LiveLock;
  /** Held by the same person in another window: it blocks nothing. */
  readonly isMine: boolean;
}

/**
 * The lock to show for a case, null when there is none. Whoever reads it is drawn anew only when this lock changes,
 * however many others do.
 */
export function useCaseLock(records: readonly { readonly id: number }[]): CaseLock | null {
  const { client, user } = useSync();
  const subscribe = useCallback((listener: () => void) => client.locks.subscribe(listener), [client]);
  const lock = useSyncExternalStore(subscribe, () =>
    lockToShow(
      client.locks,
      records.map(({ id }) => id),
      user.id,
    ),
  );
  return lock && { lock, isMine: lock.user === user.id };
}
