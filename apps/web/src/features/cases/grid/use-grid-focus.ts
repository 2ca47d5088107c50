import type { CaseRow } from '@meldesync/client';
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { ACTIVE_CELL_ID } from '../../../ui/landmarks.ts';
import type { ColumnId } from '../columns/column-ids.ts';
import type { HeldRows } from './held-rows.ts';

/** The cell that has or last had the focus. `key` is the row's in the shown list. */
interface ActiveCell {
  readonly key: string;
  readonly column: ColumnId;
}

export interface GridFocus {
  readonly active: ActiveCell | null;
  /** Index of the active row, -1 without one. */
  readonly activeRow: number;
  /** The focus is there already. Nothing moves: a row that went away now would draw the next one from under a click. */
  setActive(cell: ActiveCell): void;
  /** Brings the focus there with a key; the row it leaves may go to its place. */
  moveTo(cell: ActiveCell): void;
  focusActive(): void;
}

interface GridFocusInput {
  readonly rows: readonly CaseRow[];
  readonly held: HeldRows;
  /** Whether the focus is in the list, as far as it was moved by someone. */
  readonly hasFocus: boolean;
  /** Called when a key takes the focus away from a row that changed. */
  readonly onLeaveChanged: (key: string) => void;
}

/** One cell of the grid takes part in the tab order, and arrow keys move it (the roving tabindex of the grid pattern). */
export function useGridFocus({ rows, held, hasFocus, onLeaveChanged }: GridFocusInput): GridFocus {
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
    focusActiveCell();
  });

  const activeHeld = rows[activeRow];
  const isMoved = activeHeld !== undefined && held.movedTo(activeHeld).length > 0;
  const wasMoved = useRef(isMoved);
  useLayoutEffect(() => {
    if (wasMoved.current === isMoved) return;
    wasMoved.current = isMoved;
    // Another row is drawn in its place: what had the focus in the row went with it.
    if (hasFocus && document.activeElement === document.body) focusActiveCell();
  }, [isMoved, hasFocus]);

  const setActive = useCallback(
    (cell: ActiveCell) => {
      if (active?.key !== cell.key || active.column !== cell.column) setActiveState(cell);
    },
    [active],
  );
  const focusActive = useCallback(() => {
    wantsFocus.current = true;
    setActiveState((cell) => cell && { ...cell });
  }, []);
  const moveTo = useCallback(
    (cell: ActiveCell) => {
      setActiveState(cell);
      focusActive();
      const left = rows[activeRow];
      if (left && left.key !== cell.key && held.read(left) !== left) onLeaveChanged(left.key);
    },
    [rows, activeRow, held, onLeaveChanged, focusActive],
  );
  return { active, activeRow, setActive, moveTo, focusActive };
}

function focusActiveCell(): void {
  document.getElementById(ACTIVE_CELL_ID)?.focus({ preventScroll: true });
}
