import type { Role } from '@meldesync/protocol';
import { createContext, type ReactNode, useContext, useMemo, useSyncExternalStore } from 'react';
import { createLiveSource, type Live } from './live.ts';

/** The live side of the open workspace. */
export interface Sync extends Live {
  readonly workspace: { readonly id: string; readonly name: string };
  /** The signed-in person. */
  readonly user: { readonly id: string; readonly name: string };
  /** What the membership said when the page was opened; `useRole` follows changes of it (P55). */
  readonly initialRole: Role;
}

interface SyncProviderProps {
  readonly workspace: { readonly id: string; readonly name: string; readonly role: Role };
  readonly user: { readonly id: string; readonly name: string };
  readonly children: ReactNode;
}

const SyncContext = createContext<Sync | null>(null);

/** Stays connected to a workspace for as long as it is mounted. */
export function SyncProvider({ workspace, user, children }: SyncProviderProps) {
  const { id, name, role } = workspace;
  const source = useMemo(() => createLiveSource(id, user.id), [id, user.id]);
  const live = useSyncExternalStore(source.subscribe, source.getSnapshot);
  const sync = useMemo(
    () => live && { ...live, workspace: { id, name }, user, initialRole: role },
    [live, id, name, user, role],
  );
  return sync && <SyncContext value={sync}>{children}</SyncContext>;
}

export function useSync(): Sync {
  const sync = useContext(SyncContext);
  if (!sync) throw new Error('useSync is used outside of a SyncProvider');
  return sync;
}
