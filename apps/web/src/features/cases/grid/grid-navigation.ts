/** A cell by the index of its row and column. */
export interface CellPosition {
  readonly row: number;
  readonly column: number;
}

interface GridSize {
  readonly rows: number;
  readonly columns: number;
  /** Rows a page key moves by. */
  readonly pageRows: number;
}

interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** Where a key leads from a cell, as the grid pattern of the ARIA practices says; null for any other key. */
export function moveInGrid(
  { key, ctrlKey, metaKey }: KeyPress,
  from: CellPosition,
  size: GridSize,
): CellPosition | null {
  const last = { row: size.rows - 1, column: size.columns - 1 };
  const jumps = ctrlKey || metaKey;
  const to = (row: number, column: number): CellPosition => ({
    row: Math.max(0, Math.min(last.row, row)),
    column: Math.max(0, Math.min(last.column, column)),
  });
  switch (key) {
    case 'ArrowDown':
      return to(jumps ? last.row : from.row + 1, from.column);
    case 'ArrowUp':
      return to(jumps ? 0 : from.row - 1, from.column);
    case 'ArrowRight':
      return to(from.row, jumps ? last.column : from.column + 1);
    case 'ArrowLeft':
      return to(from.row, jumps ? 0 : from.column - 1);
    case 'Home':
      return to(jumps ? 0 : from.row, 0);
    case 'End':
      return to(jumps ? last.row : from.row, last.column);
    case 'PageDown':
      return to(from.row + size.pageRows, from.column);
    case 'PageUp':
      return to(from.row - size.pageRows, from.column);
    default:
      return null;
  }
}
