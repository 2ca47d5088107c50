import { createContext, useContext } from 'react';
import type { FreeWatch } from './free-watch.ts';
import type { LockKeeper } from './lock-keeper.ts';

/** What this window does about locks, besides seeing them. */
export interface LockDesk {
  readonly keeper: LockKeeper;
  readonly watch: FreeWatch;
}

export const LocksContext = createContext<LockDesk | null>(null);

export function useLockDesk(): LockDesk {
  const desk = useContext(LocksContext);
  if (!desk) throw new Error('useLockDesk is used outside of a LocksProvider');
  return desk;
}
