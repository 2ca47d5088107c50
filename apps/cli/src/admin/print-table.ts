import { type CliContext, print, printAside } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { printJson } from '../output/json.ts';
import { type Column, renderTable } from '../output/table.ts';
import { outputWidth } from '../output/width.ts';

/** A column, and what it says of a row. */
export interface RowColumn<Row> extends Column {
  readonly text: (row: Row) => string;
}

/** What a list prints. */
export interface List<Row> {
  /** The document that `--json` prints. */
  readonly json: unknown;
  readonly rows: readonly Row[];
  readonly columns: readonly RowColumn<Row>[];
}

/** Prints it as JSON or as a table, whichever was asked for. */
export function printList<Row>(
  context: CliContext,
  options: { readonly json?: boolean },
  { json, rows, columns }: List<Row>,
): ExitCode {
  if (options.json) printJson(context, json);
  else printTable(context, columns, rows);
  return EXIT.ok;
}

/** Prints rows below their headings; where there are none says so beside the result. */
export function printTable<Row>(context: CliContext, columns: readonly RowColumn<Row>[], rows: readonly Row[]): void {
  if (rows.length === 0) {
    printAside(context, context.t('admin.nothing'));
    return;
  }
  const cells = rows.map((row) => columns.map(({ text }) => text(row)));
  for (const line of renderTable(columns, cells, context.style, outputWidth(context.terminal))) print(context, line);
}

/** A column by its heading; those with a higher number give way first on a narrow terminal. */
export function column<Row>(
  header: string,
  text: (row: Row) => string,
  minWidth = 8,
  dropOrder = 0,
  align: 'left' | 'right' = 'left',
): RowColumn<Row> {
  return { header, text, minWidth, dropOrder, align };
}
