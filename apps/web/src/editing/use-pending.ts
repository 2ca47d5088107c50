import type { ClientRecord } from '@meldesync/client';
import type { EditableField } from '@meldesync/domain';
import { useSyncExternalStore } from 'react';
import { useSync } from '../sync/sync-context.tsx';

/** Whether a field of one of the records waits for the server's answer; the records show it already. */
export function useIsPending(records: readonly ClientRecord[], field: EditableField): boolean {
  const { optimistic } = useSync().client;
  return useSyncExternalStore(optimistic.subscribe, () =>
    records.some(({ id }) => optimistic.pendingOf(id)?.[field] !== undefined),
  );
}
