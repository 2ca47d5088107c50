import { textWidth } from './text.ts';

/** How a column may give way when the terminal is narrow. */
export interface ColumnLayout {
  readonly header: string;
  /** Smallest useful width; a column is never narrower, it is left out instead. */
  readonly minWidth: number;
  /** Columns are left out from the highest number down; 0 always stays. */
  readonly dropOrder: number;
}

/** Blanks between two columns. */
export const COLUMN_GAP = 2;

/**
 * Widths for columns of a table, in characters, null for those left out. Columns take what their content needs; when
 * that is too much, columns are left out in their order until the smallest widths fit, and the rest shrink, the widest
 * first.
 */
export function layOut(
  columns: readonly ColumnLayout[],
  rows: ReadonlyArray<readonly string[]>,
  available: number,
): Array<number | null> {
  const natural = columns.map((column, index) =>
    rows.reduce((width, row) => Math.max(width, textWidth(row[index] ?? '')), textWidth(column.header)),
  );
  const smallest = columns.map((column, index) => Math.min(column.minWidth, natural[index] ?? 0));
  const kept = new Set(columns.keys());
  const sum = (widths: readonly number[]) =>
    widths.reduce((total, width, index) => total + (kept.has(index) ? width + COLUMN_GAP : 0), -COLUMN_GAP);
  const byDropOrder = [...columns.entries()]
    .filter(([, column]) => column.dropOrder > 0)
    .sort(([, a], [, b]) => b.dropOrder - a.dropOrder);
  for (const [index] of byDropOrder) {
    if (sum(smallest) <= available) break;
    kept.delete(index);
  }
  const widths = [...natural];
  for (let excess = sum(widths) - available; excess > 0; excess--) {
    const widest = widestThatMayShrink(widths, smallest, kept);
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths.map((width, index) => (kept.has(index) ? width : null));
}

function widestThatMayShrink(
  widths: readonly number[],
  smallest: readonly number[],
  kept: ReadonlySet<number>,
): number | undefined {
  let found: number | undefined;
  for (const index of kept) {
    const width = widths[index] ?? 0;
    if (width > (smallest[index] ?? 0) && (found === undefined || width > (widths[found] ?? 0))) found = index;
  }
  return found;
}
