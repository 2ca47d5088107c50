import type { ConnectionState, Keeping } from '@meldesync/client';
import type { Role } from '@meldesync/protocol';
import { useCallback, useSyncExternalStore } from 'react';
import { useSync } from './sync-context.tsx';
import type { UnsentElsewhere } from './unsent-elsewhere.ts';

/** Where the connection stands. */
export function useConnection(): ConnectionState {
  const { client } = useSync();
  const subscribe = useCallback((listener: () => void) => client.onConnection(listener), [client]);
  return useSyncExternalStore(subscribe, () => client.connection);
}

/** Whether the page is live and has all that there is. */
export function useIsCurrent(): boolean {
  const { client } = useSync();
  const subscribe = useCallback((listener: () => void) => client.onConnection(listener), [client]);
  return useSyncExternalStore(subscribe, () => client.connection.name === 'live' && client.fetching === 0);
}

/** Whether the page has the records of the workspace: until then nobody can say that one is gone. */
export function useIsLoaded(): boolean {
  const { client } = useSync();
  const subscribe = useCallback((listener: () => void) => client.onConnection(listener), [client]);
  return useSyncExternalStore(subscribe, () => client.cursor !== null);
}

/** What the person may do here, as the service says now. */
export function useRole(): Role {
  const { client, initialRole } = useSync();
  const subscribe = useCallback((listener: () => void) => client.onConnection(listener), [client]);
  return useSyncExternalStore(subscribe, () => client.session?.role ?? initialRole);
}

/** How many edits of this page wait for an answer. */
export function useOwnPendingCount(): number {
  const { client } = useSync();
  const subscribe = useCallback((listener: () => void) => client.onConnection(listener), [client]);
  return useSyncExternalStore(subscribe, () => client.pendingEdits);
}

/** How many edits of the person wait for an answer: of this page, and of others of this browser. */
export function usePendingCount(): number {
  const { count } = useUnsentElsewhere(useSync().unsentElsewhere);
  return useOwnPendingCount() + count;
}

/** Whether what is to outlive the page does. */
export function useKeeping(): Keeping {
  const { client } = useSync();
  const subscribe = useCallback((listener: () => void) => client.onConnection(listener), [client]);
  return useSyncExternalStore(subscribe, () => client.keeping);
}

/** How many edits of the person have waited for long that are not this page's to send; 0 while they go their way. */
export function useLastingElsewhere(): number {
  const { count, isLasting } = useUnsentElsewhere(useSync().unsentElsewhere);
  return isLasting ? count : 0;
}

function useUnsentElsewhere({ subscribe, getSnapshot }: UnsentElsewhere): ReturnType<UnsentElsewhere['getSnapshot']> {
  return useSyncExternalStore(subscribe, getSnapshot);
}

/** How many records cannot be read, and are not shown. */
export function useUnreadableCount(): number {
  const { client } = useSync();
  const subscribe = useCallback((listener: () => void) => client.onConnection(listener), [client]);
  return useSyncExternalStore(subscribe, () => client.unreadable);
}
