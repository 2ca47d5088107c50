import type { CaseRow } from '@meldesync/client';
import { isOfKind } from '@meldesync/domain';
import { roleAllows } from '@meldesync/protocol';
import { useCallback, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useDrive } from '../../../editing/drive/drive-context.tsx';
import { useRowName } from '../../../editing/use-row-name.ts';
import { useRole } from '../../../sync/use-connection.ts';
import { showMessage } from '../../../ui/messages.tsx';
import { useLockGuard } from '../../locks/use-tell-locked.tsx';
import type { EditedColumn } from '../columns/column-ids.ts';
import type { Editing } from '../editors/editing.ts';
import { recordsOfRow, sharedValue } from '../facts/case-facts.ts';

export interface StartEdit {
  readonly editing: Editing | null;
  readonly start: (key: string, row: CaseRow, column: EditedColumn) => void;
  readonly end: () => void;
}

/**
 * Opens and closes the editor of a cell. An edit in the list is one of the whole case; where the halves have different
 * texts that would overwrite one unseen, so the panel opens, which shows both.
 */
export function useStartEdit(onOpen: (row: CaseRow, isByKey: boolean) => void): StartEdit {
  const t = useTranslations('edit');
  const tShell = useTranslations('shell');
  const drive = useDrive();
  const mayEdit = roleAllows(useRole(), 'editor');
  const isLocked = useLockGuard();
  const rowName = useRowName();
  const [editing, setEditing] = useState<Editing | null>(null);
  /** Says why no editor opens; false when one does. */
  const isRefused = useCallback(
    (row: CaseRow, column: EditedColumn): boolean => {
      if (!mayEdit) {
        showMessage({ id: 'viewer', message: tShell('viewerReason') });
        return true;
      }
      const seen = recordsOfRow(row);
      if (isLocked({ records: seen.map(({ id }) => id), name: rowName(row) })) return true;
      if (!isOfKind(column, 'text') || sharedValue(seen, column).isShared) return false;
      showMessage({ id: 'text-differs', message: t(`differing.${column}`) });
      onOpen(row, true);
      return true;
    },
    [isLocked, mayEdit, onOpen, rowName, t, tShell],
  );
  const start = useCallback(
    (key: string, row: CaseRow, column: EditedColumn) => {
      if (editing?.key === key && editing.column === column) return;
      // Who types already, expecting a field, must not give commands.
      if (isRefused(row, column)) drive.tell('lose');
      else setEditing({ key, column, row, seen: recordsOfRow(row) });
    },
    [drive, editing, isRefused],
  );
  const end = useCallback(() => setEditing(null), []);
  return { editing, start, end };
}

/** Ends an edit whose row is drawn no more, so that others can begin; the editor itself keeps what was typed. */
export function useEndUndrawn({ editing, end }: StartEdit, drawn: readonly { readonly key: string }[]): void {
  const isUndrawn = editing !== null && !drawn.some(({ key }) => key === editing.key);
  useEffect(() => {
    if (isUndrawn) end();
  }, [isUndrawn, end]);
}
