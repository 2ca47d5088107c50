import type { CaseRow } from '@meldesync/client';
import { roleAllows } from '@meldesync/protocol';
import { useCallback } from 'react';
import { useTranslations } from 'use-intl';
import { useSync } from '../../sync/sync-context.tsx';
import { useRole } from '../../sync/use-connection.ts';
import { showMessage } from '../../ui/messages.tsx';
import { doneState, recordsOfRow, withPending } from './case-facts.ts';
import { useEdit } from './use-edit.tsx';

/** Why a case may not be marked done; a key of `edit`. Null when it may. */
export function doneProblem(row: CaseRow): 'doneNotAllowed' | 'doneUnreadable' | null {
  if (row.unreadable.length > 0) return 'doneUnreadable';
  return row.status.mayBeDone ? null : 'doneNotAllowed';
}

/** Marks every record of a case done, or none when all are; what waits for an answer counts as if it were confirmed. */
export function useToggleDone(): (row: CaseRow) => void {
  const t = useTranslations('shell');
  const { edits } = useSync();
  const save = useEdit();
  const mayEdit = roleAllows(useRole(), 'editor');
  return useCallback(
    (row) => {
      if (!mayEdit) {
        showMessage({ id: 'viewer', message: t('viewerReason') });
        return;
      }
      const records = recordsOfRow(row).map((record) => withPending(record, edits.of(record.id)));
      const wanted = doneState(records) !== 'all';
      if (wanted && doneProblem(row)) return;
      save(records, { done: wanted });
    },
    [edits, mayEdit, save, t],
  );
}
