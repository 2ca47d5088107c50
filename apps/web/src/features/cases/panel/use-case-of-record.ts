import type { CaseRow, ClientRecord, RecordStore } from '@meldesync/client';
import { useEffect, useState } from 'react';
import { groupRecords } from '../../../sync/live-cases.ts';
import { useSync } from '../../../sync/sync-context.tsx';

/** The case a record belongs to, live, whatever the list shows. Null when there is no such record. */
export function useCaseOfRecord(id: number): CaseRow | null {
  const { optimistic: store } = useSync().client;
  const [found, setFound] = useState(() => ({ id, row: findCase(store, id) }));
  const current = found.id === id ? found : { id, row: findCase(store, id) };
  if (current !== found) setFound(current);

  useEffect(() => {
    let caseId = store.get(id)?.caseId ?? null;
    const refresh = (): void => {
      caseId = store.get(id)?.caseId ?? null;
      setFound({ id, row: findCase(store, id) });
    };
    refresh();
    return store.subscribe((changes) => {
      const isMine = (record: ClientRecord | undefined): boolean =>
        record !== undefined && (record.id === id || (caseId !== null && record.caseId === caseId));
      if (changes.length === 0 || changes.some(({ before, after }) => isMine(before) || isMine(after))) refresh();
    });
  }, [store, id]);
  return current.row;
}

function findCase(store: RecordStore, id: number): CaseRow | null {
  const record = store.get(id);
  if (!record) return null;
  const { caseId } = record;
  const records = caseId === null ? [record] : [...store.values()].filter((other) => other.caseId === caseId);
  return groupRecords(records)[0] ?? null;
}
