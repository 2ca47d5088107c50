import { type ReactNode, useCallback, useMemo } from 'react';
import { type TellLockedEdit, TellLockedEditContext } from '../../editing/outcome/tell-locked-edit.ts';
import { useSync } from '../../sync/sync-context.tsx';
import { createFreeWatch } from './free-watch.ts';
import { createLockKeeper } from './lock-keeper.ts';
import { LocksContext } from './locks-context.ts';
import { useTellLocked } from './use-tell-locked.tsx';

/** Holds the locks of this window's editors, and the wishes to be told when a case is free. */
export function LocksProvider({ children }: { children: ReactNode }) {
  const { client, user } = useSync();
  const desk = useMemo(
    () => ({ keeper: createLockKeeper(client, user.id), watch: createFreeWatch(client, user.id) }),
    [client, user.id],
  );
  return (
    <LocksContext value={desk}>
      <LockedEdits>{children}</LockedEdits>
    </LocksContext>
  );
}

/** Lets an edit that was refused say who has its case. */
function LockedEdits({ children }: { children: ReactNode }) {
  const { locks } = useSync().client;
  const tell = useTellLocked();
  const tellEdit = useCallback<TellLockedEdit>(
    (refused, typed) => {
      const [record] = refused.records;
      tell((record === undefined ? undefined : locks.get(record)) ?? null, refused, typed);
    },
    [locks, tell],
  );
  return <TellLockedEditContext value={tellEdit}>{children}</TellLockedEditContext>;
}
