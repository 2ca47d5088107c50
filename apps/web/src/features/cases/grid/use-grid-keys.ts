import type { CaseRow } from '@meldesync/client';
import type { KeyboardEvent } from 'react';
import { flushSync } from 'react-dom';
import { useDrive } from '../../../editing/drive/drive-context.tsx';
import { getPreferences } from '../../../preferences/preferences.ts';
import {
  COLUMN_IDS,
  type ColumnId,
  type EditedColumn,
  isAnnotationColumn,
  isEditedColumn,
} from '../columns/column-ids.ts';
import { moveInGrid } from './grid-navigation.ts';
import type { HeldRows } from './held-rows.ts';
import type { GridFocus } from './use-grid-focus.ts';

export type GridKeys = (event: KeyboardEvent) => void;

interface GridKeysInput {
  readonly focus: GridFocus;
  readonly rows: readonly CaseRow[];
  readonly held: HeldRows;
  /** How many rows a page key moves by. */
  readonly readPageRows: () => number;
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

/**
 * What keys do while a cell has the focus. Letters are commands where keys lead through the list; after a press they are
 * text, for which an editor opens where there is something to write.
 */
export function useGridKeys(input: GridKeysInput): GridKeys {
  const { focus, rows, held, readPageRows, isEditing, goTo, onOpen, onEscape, onEdit, onToggleDone, onSelect } = input;
  const drive = useDrive();
  return (event) => {
    const { active, activeRow } = focus;
    const target = rows[activeRow];
    if (isEditing || !active || !target || !isInCell(event.target)) return;
    const column = COLUMN_IDS.indexOf(active.column);
    const size = { rows: rows.length, columns: COLUMN_IDS.length, pageRows: readPageRows() };
    const move = moveInGrid(event, { row: activeRow, column }, size);
    const row = held.read(target);
    if (move) {
      event.preventDefault();
      drive.tell('walk');
      goTo(move.row, move.column);
    } else if (!row && event.key === 'Escape') {
      event.preventDefault();
      onEscape();
    } else if (row && act(event, active.column, target.key, row)) {
      event.preventDefault();
    } else if (row && !drive.isCommand('change') && !isSign(event)) {
      write(event, active.column, target.key, row);
    }
  };

  /** Whether the key searches or helps, which the whole page answers. */
  function isSign({ key }: KeyboardEvent): boolean {
    return (key === '/' || key === '?') && drive.isCommand('sign');
  }

  /** Whether the key meant something. */
  function act(event: KeyboardEvent, column: ColumnId, key: string, row: CaseRow): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const hasLetters = getPreferences().letterShortcuts && drive.isCommand('change');
    if (event.key === 'Enter') onOpen(row);
    else if (event.key === 'Escape') onEscape();
    else if (event.key === 'F2' || (hasLetters && event.key.toLowerCase() === 'e')) {
      onEdit(key, row, isEditedColumn(column) ? column : 'caseId');
    } else if (hasLetters && event.key.toLowerCase() === 'd') onToggleDone(row);
    else if (hasLetters && event.key.toLowerCase() === 'x') onSelect(row, event.shiftKey);
    else if (event.key === ' ' && (column === 'done' || column === 'select')) {
      // Between words it is a space, which must not reach the box either.
      if (!drive.isCommand('sign')) return true;
      // The box itself answers it when it has the focus.
      if (event.target instanceof HTMLInputElement) return false;
      if (column === 'done') onToggleDone(row);
      else onSelect(row, event.shiftKey);
    } else return false;
    return true;
  }

  /**
   * Opens the editor at once, so that the browser writes the letter into it. Not that of a case id, on which a click opens
   * the case: what one types then is seldom another case id, and leaving the editor would save it.
   */
  function write(event: KeyboardEvent, column: ColumnId, key: string, row: CaseRow): void {
    if (isAnnotationColumn(column) && beginsText(event)) {
      flushSync(() => onEdit(key, row, column));
    }
  }
}

/** Whether a key writes something that is no space: a letter, or what an accent or an input method begins with. */
function beginsText(event: KeyboardEvent): boolean {
  if (event.key === 'Dead' || event.key === 'Process') return true;
  const isShortcut = (event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState('AltGraph');
  return !isShortcut && event.key.length === 1 && event.key !== ' ';
}

function isInCell(target: EventTarget): boolean {
  return target instanceof Element && target.closest('[role="gridcell"]') !== null;
}
