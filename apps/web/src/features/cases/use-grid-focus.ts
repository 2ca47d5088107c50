import type { CaseRow } from '@meldesync/client';
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { ColumnId } from './case-columns.tsx';
import type { HeldRows } from './held-rows.ts';

/** The cell that has or last had the focus. `key` is the row's in the shown list. */
interface ActiveCell {
  readonly key: string;
  readonly column: ColumnId;
}

/** Id of the active cell's element: where the focus returns from the panel. */
export const ACTIVE_CELL_ID = 'active-cell';

export interface GridFocus {
  readonly active: ActiveCell | null;
  /** Index of the active row, -1 without one. */
  readonly activeRow: number;
  /** The focus is there already. */
  setActive(cell: ActiveCell): void;
  /** Brings the focus there. */
  moveTo(cell: ActiveCell): void;
  focusActive(): void;
}

interface GridFocusInput {
  readonly rows: readonly CaseRow[];
  readonly held: HeldRows;
  /** Called when the focus leaves a row that changed: it may go to its place now. */
  readonly onLeaveChanged: () => void;
}

/** One cell of the grid takes part in the tab order, and arrow keys move it (the roving tabindex of the grid pattern). */
export function useGridFocus({ rows, held, onLeaveChanged }: GridFocusInput): GridFocus {
  const [active, setActiveState] = useState<ActiveCell | null>(null);
  const wantsFocus = useRef(false);
  const activeKey = active?.key;
  const activeRow = useMemo(
    () => (activeKey === undefined ? -1 : rows.findIndex(({ key }) => key === activeKey)),
    [rows, activeKey],
  );

  useLayoutEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    document.getElementById(ACTIVE_CELL_ID)?.focus({ preventScroll: true });
  });

  const setActive = useCallback(
    (cell: ActiveCell) => {
      if (active?.key === cell.key && active.column === cell.column) return;
      setActiveState(cell);
      const left = rows[activeRow];
      if (left && left.key !== cell.key && held.read(left) !== left) onLeaveChanged();
    },
    [active, rows, activeRow, held, onLeaveChanged],
  );
  const focusActive = useCallback(() => {
    wantsFocus.current = true;
    setActiveState((cell) => cell && { ...cell });
  }, []);
  const moveTo = useCallback(
    (cell: ActiveCell) => {
      setActive(cell);
      focusActive();
    },
    [setActive, focusActive],
  );
  return { active, activeRow, setActive, moveTo, focusActive };
}
