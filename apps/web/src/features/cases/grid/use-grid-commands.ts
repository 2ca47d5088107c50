import type { CaseRow } from '@meldesync/client';
import { useCallback } from 'react';
import { useRevealCase } from '../../../address/reveal-case.ts';
import { useDrive } from '../../../editing/drive/drive-context.tsx';
import { useToggleDone } from '../cells/use-toggle-done.ts';
import { COLUMN_IDS } from '../columns/column-ids.ts';
import { recordsOfRow } from '../facts/case-facts.ts';
import { useSelection } from '../selection/selection-context.tsx';
import type { GridActions } from './grid-row.tsx';
import { readRows } from './held-rows.ts';
import type { CaseLines } from './use-case-lines.ts';
import { type GridKeys, useGridKeys } from './use-grid-keys.ts';
import { type GridPointer, useGridPointer } from './use-grid-pointer.ts';
import { useLatestActions } from './use-latest-actions.ts';
import type { StartEdit } from './use-start-edit.ts';

interface GridCommandsInput {
  readonly lines: CaseLines;
  readonly edit: StartEdit;
  /** Rows a page key moves by. */
  readonly readPageRows: () => number;
  readonly isPanelOpen: boolean;
  readonly onOpen: (row: CaseRow | null, isByKey: boolean) => void;
}

interface GridCommands {
  readonly onKeyDown: GridKeys;
  readonly pointer: GridPointer;
  /** The same object for as long as the grid lives. */
  readonly actions: GridActions;
  /** Reads the rows that are shown, in view or not, as they are now. */
  readonly readShown: () => readonly CaseRow[];
}

/** What keys, presses and rows do in the list: select, open, edit, mark done, and go from cell to cell. */
export function useGridCommands({ lines, edit, readPageRows, isPanelOpen, onOpen }: GridCommandsInput): GridCommands {
  const { focus, shown, scrollTo } = lines;
  const { rows, held } = lines.list;
  const drive = useDrive();
  const selection = useSelection();
  const readShown = useCallback(() => readRows(rows, held), [rows, held]);
  const select = (row: CaseRow, isRange: boolean): void => {
    if (isRange) selection.extendTo(row, readShown());
    else selection.toggle(row);
  };
  useRevealCase((record) => {
    const found = rows.findIndex((row) => {
      const now = held.read(row);
      return now !== null && recordsOfRow(now).some(({ id }) => id === record);
    });
    const row = rows[found];
    if (!row) return;
    scrollTo(found);
    focus.moveTo({ key: row.key, column: 'caseId' });
  });
  const onKeyDown = useGridKeys({
    focus,
    rows,
    held,
    readPageRows,
    isEditing: edit.editing !== null,
    goTo: (row, column) => {
      const target = rows[row];
      const columnId = COLUMN_IDS[column];
      if (!target || !columnId) return;
      scrollTo(row);
      focus.moveTo({ key: target.key, column: columnId });
      if (isPanelOpen) onOpen(held.read(target) ?? held.movedTo(target)[0] ?? null, false);
    },
    onOpen: (row) => onOpen(row, true),
    onEscape: () => {
      if (isPanelOpen) onOpen(null, true);
      else selection.clear();
    },
    onEdit: edit.start,
    onToggleDone: useToggleDone(),
    onSelect: select,
  });
  const pointer = useGridPointer({
    shown,
    editing: edit.editing,
    onOpen: (row) => onOpen(row, false),
    onSelect: select,
    onEdit: (key, row, column) => {
      // The panel may have come between the two clicks and moved the columns.
      focus.setActive({ key, column });
      edit.start(key, row, column);
    },
  });
  const actions = useLatestActions({
    onCellFocus: (key, column) => {
      drive.arrive();
      focus.setActive({ key, column });
    },
    onEdit: edit.start,
    onEditEnd: (returnFocus) => {
      edit.end();
      if (returnFocus) focus.focusActive();
    },
  });
  return { onKeyDown, pointer, actions, readShown };
}
