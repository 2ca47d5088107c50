import type { CaseRow } from '@meldesync/client';
import { type MouseEvent, useRef } from 'react';
import { type ColumnId, type EditedColumn, isAnnotationColumn, isEditedColumn } from '../columns/column-ids.ts';
import type { Editing } from '../editors/editing.ts';
import { type ClickedCell, clickedCell, isInField } from './grid-targets.ts';
import type { RowLine } from './visible-lines.ts';

interface GridPointerInput {
  /** The rows that are drawn. */
  readonly shown: readonly RowLine[];
  readonly editing: Editing | null;
  /** Opens the panel. */
  readonly onOpen: (row: CaseRow) => void;
  readonly onEdit: (key: string, row: CaseRow, column: EditedColumn) => void;
  readonly onSelect: (row: CaseRow, isRange: boolean) => void;
}

export interface GridPointer {
  readonly onMouseDown: (event: MouseEvent) => void;
  readonly onClick: (event: MouseEvent) => void;
}

interface PressedCell {
  readonly key: string;
  readonly column: ColumnId;
}

/**
 * What presses do in the list: a click goes to the cell, and opens the panel where there is nothing to edit; two clicks edit
 * the cell that the first of them met. A click that no pointer made, or a finger, which does not click twice, edits at once.
 */
export function useGridPointer({ shown, editing, onOpen, onEdit, onSelect }: GridPointerInput): GridPointer {
  /** Where a series of clicks began. What it opens may move the cells under the pointer. */
  const first = useRef<PressedCell | null>(null);
  const rowIn = (cell: ClickedCell | null): RowLine | undefined =>
    cell ? shown.find(({ line }) => line === cell.line) : undefined;

  const onMouseDown = (event: MouseEvent): void => {
    if (isInField(event.target)) return;
    const cell = clickedCell(event.target, { withControls: true });
    const isEdited = editing !== null && cell?.column === editing.column && rowIn(cell)?.key === editing.key;
    // A press in the cell that is edited leaves its editor open; a further click marks no words, nor what lies between two.
    if (isEdited || (event.detail > 1 && cell && isEditedColumn(cell.column))) event.preventDefault();
    if (event.shiftKey && cell?.column === 'select') event.preventDefault();
  };

  const onClick = (event: MouseEvent): void => {
    const cell = clickedCell(event.target);
    const row = rowIn(cell);
    if (event.detail <= 1) first.current = cell && row ? { key: row.key, column: cell.column } : null;
    else if (cell?.column !== 'select') {
      editFirst();
      return;
    }
    if (!cell || !row) return;
    // Marking text to copy it ends with a click, too.
    if (cell.column === 'select') onSelect(row.now, event.shiftKey);
    else if (editing || !getSelection()?.isCollapsed || cell.column === 'done') return;
    else if (!isAnnotationColumn(cell.column)) onOpen(row.now);
    else if (isSingle(event)) onEdit(row.key, row.now, cell.column);
  };

  function editFirst(): void {
    const { key, column } = first.current ?? {};
    const row = shown.find((entry) => entry.key === key);
    if (row && column && isEditedColumn(column)) onEdit(row.key, row.now, column);
  }

  return { onMouseDown, onClick };
}

/** Whether no second click is to be waited for. */
function isSingle({ detail, nativeEvent }: MouseEvent): boolean {
  return detail === 0 || (nativeEvent instanceof PointerEvent && nativeEvent.pointerType === 'touch');
}
