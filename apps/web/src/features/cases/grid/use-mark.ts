import type { ClientRecord } from '@meldesync/client';
import type { ConflictingField } from '@meldesync/domain';
import { useSyncExternalStore } from 'react';
import type { Mark } from '../../../sync/remote-marks.ts';
import { useSync } from '../../../sync/sync-context.tsx';

/** A colleague's change that just arrived in this field of any of the records. */
export function useMark(records: readonly ClientRecord[], field: ConflictingField): Mark | undefined {
  const { marks } = useSync();
  return useSyncExternalStore(marks.subscribe, () => {
    for (const { id } of records) {
      const mark = marks.of(id, field);
      if (mark) return mark;
    }
    return undefined;
  });
}
