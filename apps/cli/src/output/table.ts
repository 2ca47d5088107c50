import Table from 'cli-table3';
import { COLUMN_GAP, type ColumnLayout, layOut } from './layout.ts';
import type { Style } from './style.ts';
import { printable, textWidth, truncate, truncateStart } from './text.ts';

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
  const body = cells.map((row, rowIndex) =>
    kept.map(({ column, index, width }) => {
      const text = (column.keep === 'end' ? truncateStart : truncate)(row[index] ?? '', width);
      return column.paint?.(text, rowIndex) ?? text;
    }),
  );
  const sizes = kept.map(({ column, width }) => ({ width, align: column.align ?? 'left' }));
  const lines = body.length > LONG_TABLE_ROWS ? padLines([head, ...body], sizes) : drawLines(head, body, sizes);
  return lines.map((line) => line.trimEnd());
}

interface Size {
  readonly width: number;
  readonly align: 'left' | 'right';
}

/** cli-table3 takes 20 µs a cell and more with each row; 50,000 cases are not to wait for that. */
const LONG_TABLE_ROWS = 500;

function drawLines(head: readonly string[], body: ReadonlyArray<readonly string[]>, sizes: readonly Size[]): string[] {
  const table = new Table({
    head: [...head],
    colAligns: sizes.map(({ align }) => align),
    colWidths: sizes.map(({ width }) => width),
    chars: NO_RULES,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  });
  table.push(...body.map((row) => [...row]));
  return table.toString().split('\n');
}

/** Draws the same lines; a test holds both to that. */
function padLines(rows: ReadonlyArray<readonly string[]>, sizes: readonly Size[]): string[] {
  return rows.map((row) =>
    sizes
      .map(({ width, align }, index) => {
        const text = row[index] ?? '';
        const padding = ' '.repeat(Math.max(0, width - textWidth(text)));
        return align === 'left' ? text + padding : padding + text;
      })
      .join(' '.repeat(COLUMN_GAP)),
  );
}

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
