import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { useSync } from '../../sync/sync-context.tsx';
import { useCaseLock } from '../locks/use-case-lock.ts';
import { usePresenceDesk } from './presence-context.tsx';

const SEPARATOR = ' ';

/**
 * User ids of the others who have a case open, but for the one who edits it, which is said elsewhere; the same array
 * until it changes. Whoever reads it is drawn anew only then, however many people come and go elsewhere.
 */
export function useAttendees(records: readonly { readonly id: number }[]): readonly string[] {
  const { client, user } = useSync();
  const { attendance } = usePresenceDesk();
  const subscribe = useCallback((listener: () => void) => client.presence.subscribe(listener), [client]);
  const editor = useCaseLock(records)?.lock.user;
  const joined = useSyncExternalStore(subscribe, () => {
    const users = new Set<string>();
    for (const { id } of records) for (const other of attendance.of(id)) users.add(other);
    users.delete(user.id);
    if (editor !== undefined) users.delete(editor);
    return [...users].join(SEPARATOR);
  });
  return useMemo(() => (joined === '' ? [] : joined.split(SEPARATOR)), [joined]);
}
