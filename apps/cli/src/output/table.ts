import Table from 'cli-table3';
import { COLUMN_GAP, type ColumnLayout, layOut } from './layout.ts';
import type { Style } from './style.ts';
import { printable, truncate, truncateStart } from './text.ts';

/** A column of a table; its cells are plain text, painted after they were cut to size. */
export interface Column extends ColumnLayout {
  readonly align?: 'left' | 'right';
  /** Which side of a text that is too long stays; its beginning unless said otherwise. */
  readonly keep?: 'start' | 'end';
  readonly paint?: (text: string, row: number) => string;
}

/** A table without rules, as wide as its content, at most `width` characters. Returns its lines. */
export function renderTable(
  columns: readonly Column[],
  rows: ReadonlyArray<readonly string[]>,
  style: Style,
  width: number,
): string[] {
  const cells = rows.map((row) => row.map(printable));
  const widths = layOut(columns, cells, width);
  const kept = columns.flatMap((column, index) => {
    const width = widths[index];
    return width === null || width === undefined ? [] : [{ column, index, width }];
  });
  const head = kept.map(({ column, width }) => style.bold(truncate(column.header, width)));
  const texts = cells.map((row, rowIndex) =>
    kept.map(({ column, index, width }) => {
      const text = (column.keep === 'end' ? truncateStart : truncate)(row[index] ?? '', width);
      return column.paint?.(text, rowIndex) ?? text;
    }),
  );
  const lines: string[] = [];
  for (let start = 0; start === 0 || start < texts.length; start += BLOCK_ROWS) {
    const table = new Table({
      head: start === 0 ? head : [],
      colAligns: kept.map(({ column }) => column.align ?? 'left'),
      colWidths: kept.map(({ width }) => width),
      chars: NO_RULES,
      style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    });
    table.push(...texts.slice(start, start + BLOCK_ROWS));
    lines.push(...table.toString().split('\n'));
  }
  return lines.map((line) => line.trimEnd());
}

/** Rows laid out at once: the time that cli-table3 takes grows with the square of them. */
const BLOCK_ROWS = 100;

const NO_RULES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' '.repeat(COLUMN_GAP),
};
