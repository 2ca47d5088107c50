import type { PresentPerson } from '@meldesync/protocol';
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { useSync } from '../../sync/sync-context.tsx';

interface Others {
  /** The others who are named; those with a case open first. */
  readonly people: readonly PresentPerson[];
  /** How many others there are, named or not. */
  readonly total: number;
}

/** Everyone else who is in the workspace now. */
export function useOthers(): Others {
  const { client, user } = useSync();
  const subscribe = useCallback((listener: () => void) => client.presence.subscribe(listener), [client]);
  const snapshot = useSyncExternalStore(subscribe, () => client.presence.getSnapshot());
  return useMemo(() => {
    const people = snapshot.people
      .filter((person) => person.user !== user.id)
      .toSorted((a, b) => Number(b.records.length > 0) - Number(a.records.length > 0));
    // Where not everybody is named, this person may be one of those who are not.
    const isCounted = snapshot.total > 0;
    return { people, total: Math.max(people.length, snapshot.total - (isCounted ? 1 : 0)) };
  }, [snapshot, user.id]);
}
