import { type CliContext, print, printAside } from '../context.ts';
import { type Column, renderTable } from '../output/table.ts';
import { outputWidth } from '../output/width.ts';

/** Prints rows below their headings; where there are none says so beside the result. */
export function printTable(
  context: CliContext,
  columns: readonly Column[],
  rows: ReadonlyArray<readonly string[]>,
): void {
  if (rows.length === 0) {
    printAside(context, context.t('admin.nothing'));
    return;
  }
  for (const line of renderTable(columns, rows, context.style, outputWidth(context.terminal))) print(context, line);
}

/** A column by its heading; those with a higher number give way first on a narrow terminal. */
export function column(header: string, minWidth = 8, dropOrder = 0): Column {
  return { header, minWidth, dropOrder };
}
