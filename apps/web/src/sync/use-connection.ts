import type { ConnectionState } from '@meldesync/client';
import type { Role } from '@meldesync/protocol';
import { useCallback, useSyncExternalStore } from 'react';
import { useSync } from './sync-context.tsx';

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

/** How many edits wait for an answer. */
export function usePendingCount(): number {
  const { client } = useSync();
  const subscribe = useCallback((listener: () => void) => client.onConnection(listener), [client]);
  return useSyncExternalStore(subscribe, () => client.pendingEdits);
}

/** How many records cannot be read, and are not shown. */
export function useUnreadableCount(): number {
  const { client } = useSync();
  const subscribe = useCallback((listener: () => void) => client.onConnection(listener), [client]);
  return useSyncExternalStore(subscribe, () => client.unreadable);
}
