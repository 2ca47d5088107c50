import { COLUMN_IDS, type ColumnId } from './case-columns.tsx';

/** The cell of the grid a click landed in; null for a click on a control of its own or beside the cells. The box of the
 * first column belongs to its cell. */
export function clickedCell(target: EventTarget): { readonly line: number; readonly column: ColumnId } | null {
  if (!(target instanceof Element)) return null;
  const cell = target.closest<HTMLElement>('[role="gridcell"]');
  if (cell?.dataset.col !== 'select' && target.closest('button, input, textarea, [role="dialog"]')) return null;
  const line = cell?.closest<HTMLElement>('[data-line]')?.dataset.line;
  const column = COLUMN_IDS.find((id) => id === cell?.dataset.col);
  return line === undefined || !column ? null : { line: Number(line), column };
}

/** The line under the pointer; -1 beside the rows. */
export function lineUnder(target: EventTarget): number {
  const line = target instanceof Element ? target.closest<HTMLElement>('[data-line]')?.dataset.line : undefined;
  return line === undefined ? -1 : Number(line);
}
