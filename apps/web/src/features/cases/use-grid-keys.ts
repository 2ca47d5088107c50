import type { CaseRow } from '@meldesync/client';
import type { KeyboardEvent } from 'react';
import { getPreferences } from '../../preferences/preferences.ts';
import { COLUMN_IDS, type ColumnId, type EditedColumn, isEditedColumn } from './case-columns.tsx';
import { moveInGrid } from './grid-navigation.ts';
import type { HeldRows } from './held-rows.ts';
import type { GridFocus } from './use-grid-focus.ts';

interface GridKeysInput {
  readonly focus: GridFocus;
  readonly rows: readonly CaseRow[];
  readonly held: HeldRows;
  readonly pageRows: number;
  readonly isEditing: boolean;
  readonly goTo: (row: number, column: number) => void;
  readonly onOpen: (row: CaseRow) => void;
  /** Escape: closes the panel, then lets go of the selection. */
  readonly onEscape: () => void;
  readonly onEdit: (key: string, row: CaseRow, column: EditedColumn) => void;
  readonly onToggleDone: (row: CaseRow) => void;
  /** Picks a row or lets go of it; `isRange`: all rows from the one picked last to this one. */
  readonly onSelect: (row: CaseRow, isRange: boolean) => void;
}

/** What keys do while a cell has the focus. */
export function useGridKeys(input: GridKeysInput): (event: KeyboardEvent) => void {
  const { focus, rows, held, pageRows, isEditing, goTo, onOpen, onEscape, onEdit, onToggleDone, onSelect } = input;
  return (event) => {
    const { active, activeRow } = focus;
    const target = rows[activeRow];
    if (isEditing || !active || !target || !isInCell(event.target)) return;
    const column = COLUMN_IDS.indexOf(active.column);
    const size = { rows: rows.length, columns: COLUMN_IDS.length, pageRows };
    const move = moveInGrid(event, { row: activeRow, column }, size);
    const row = held.read(target);
    if (move) {
      event.preventDefault();
      goTo(move.row, move.column);
    } else if (row && act(event, active.column, target.key, row)) {
      event.preventDefault();
    }
  };

  /** Whether the key meant something. */
  function act(event: KeyboardEvent, column: ColumnId, key: string, row: CaseRow): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const hasLetters = getPreferences().letterShortcuts;
    if (event.key === 'Enter') onOpen(row);
    else if (event.key === 'Escape') onEscape();
    else if (event.key === 'F2' || (hasLetters && event.key.toLowerCase() === 'e')) {
      onEdit(key, row, isEditedColumn(column) ? column : 'caseId');
    } else if (hasLetters && event.key.toLowerCase() === 'd') onToggleDone(row);
    else if (hasLetters && event.key.toLowerCase() === 'x') onSelect(row, event.shiftKey);
    // The box itself answers the space bar when it has the focus.
    else if (event.key === ' ' && column === 'done' && !(event.target instanceof HTMLInputElement)) onToggleDone(row);
    else if (event.key === ' ' && column === 'select' && !(event.target instanceof HTMLInputElement)) {
      onSelect(row, event.shiftKey);
    } else return false;
    return true;
  }
}

function isInCell(target: EventTarget): boolean {
  return target instanceof Element && target.closest('[role="gridcell"]') !== null;
}
