import type { CaseRow, ClientRecord, OptimisticRecords } from '@meldesync/client';
import { roleAllows } from '@meldesync/protocol';
import { useCallback } from 'react';
import { useTranslations } from 'use-intl';
import { useEdit } from '../../../editing/use-edit.tsx';
import { useRowName } from '../../../editing/use-row-name.ts';
import { useSync } from '../../../sync/sync-context.tsx';
import { useRole } from '../../../sync/use-connection.ts';
import { showMessage } from '../../../ui/messages.tsx';
import { useLockGuard } from '../../locks/use-tell-locked.tsx';
import { doneState, recordsOfRow } from '../facts/case-facts.ts';

/** Why a case may not be marked done; a key of `edit`. Null when it may. */
export function doneProblem(row: CaseRow): 'doneNotAllowed' | 'doneUnreadable' | null {
  if (row.unreadable.length > 0) return 'doneUnreadable';
  return row.status.mayBeDone ? null : 'doneNotAllowed';
}

/**
 * Marks every record of a case done, or none when all are; what waits for an answer counts as if it were confirmed. Says
 * why where that may not be.
 */
export function useToggleDone(): (row: CaseRow) => void {
  const t = useTranslations('edit');
  const tShell = useTranslations('shell');
  const { optimistic } = useSync().client;
  const save = useEdit();
  const isLocked = useLockGuard();
  const rowName = useRowName();
  const mayEdit = roleAllows(useRole(), 'editor');
  return useCallback(
    (row) => {
      if (!mayEdit) {
        showMessage({ id: 'viewer', message: tShell('viewerReason') });
        return;
      }
      if (isLocked({ records: recordsOfRow(row).map(({ id }) => id), name: rowName(row) })) return;
      const records = recordsOfRow(row).map((record) => withOwnEdits(optimistic, record));
      const wanted = doneState(records) !== 'all';
      const problem = wanted ? doneProblem(row) : null;
      if (problem) showMessage({ id: problem, message: t(problem) });
      else save(records, { done: wanted });
    },
    [isLocked, optimistic, mayEdit, rowName, save, t, tShell],
  );
}

/** The record as shown, and with edits of one's own that came after: the second of two quick clicks takes the first back. */
function withOwnEdits(optimistic: OptimisticRecords, record: ClientRecord): ClientRecord {
  return optimistic.pendingOf(record.id) ? (optimistic.get(record.id) ?? record) : record;
}
