import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { useSync } from '../../sync/sync-context.tsx';
import { createFreeWatch, type FreeWatch } from './free-watch.ts';
import { createLockKeeper, type LockKeeper } from './lock-keeper.ts';

/** What this window does about locks, besides seeing them. */
interface LockDesk {
  readonly keeper: LockKeeper;
  readonly watch: FreeWatch;
}

const LocksContext = createContext<LockDesk | null>(null);

/** Holds the locks of this window's editors, and the wishes to be told when a case is free. */
export function LocksProvider({ children }: { children: ReactNode }) {
  const { client, user } = useSync();
  const desk = useMemo(
    () => ({ keeper: createLockKeeper(client, user.id), watch: createFreeWatch(client, user.id) }),
    [client, user.id],
  );
  return <LocksContext value={desk}>{children}</LocksContext>;
}

export function useLockDesk(): LockDesk {
  const desk = useContext(LocksContext);
  if (!desk) throw new Error('useLockDesk is used outside of a LocksProvider');
  return desk;
}
