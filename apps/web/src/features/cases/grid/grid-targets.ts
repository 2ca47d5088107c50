import { COLUMN_IDS, type ColumnId } from '../columns/column-ids.ts';

export interface ClickedCell {
  readonly line: number;
  readonly column: ColumnId;
}

/**
 * The cell of the grid a press landed in; null beside the cells and, unless `withControls`, for one on a control of its own.
 * The box of the first column belongs to its cell.
 */
export function clickedCell(target: EventTarget, { withControls = false } = {}): ClickedCell | null {
  if (!(target instanceof Element)) return null;
  const cell = target.closest<HTMLElement>('[role="gridcell"]');
  const isControl = target.closest('button, input, textarea, [role="dialog"]') !== null;
  if (cell?.dataset.col !== 'select' && isControl && !withControls) return null;
  const line = cell?.closest<HTMLElement>('[data-line]')?.dataset.line;
  const column = COLUMN_IDS.find((id) => id === cell?.dataset.col);
  return line === undefined || !column ? null : { line: Number(line), column };
}

/** Whether a press landed in a field to write in, which places the caret. */
export function isInField(target: EventTarget): boolean {
  return target instanceof Element && target.closest('input:not([type="checkbox"]), textarea') !== null;
}

/** The line under the pointer; -1 beside the rows. */
export function lineUnder(target: EventTarget): number {
  const line = target instanceof Element ? target.closest<HTMLElement>('[data-line]')?.dataset.line : undefined;
  return line === undefined ? -1 : Number(line);
}
