import type { CaseRow } from '@meldesync/client';
import { type RefObject, useLayoutEffect, useRef } from 'react';
import type { CasesSnapshot } from '../../../sync/live-cases.ts';
import type { HeldRows } from './held-rows.ts';
import { lineAt, lineOfRow, type Section } from './sections.ts';

interface ScrollAnchorInput {
  /**
   * Draws the lines that are in view after a shift. Rows come with a frame, whose scroll events are over by then: whoever
   * waited for the next one would see this frame without its rows, and where each brings more, all of them.
   */
  readonly onShift: (scrollTop: number) => void;
  readonly scrollRef: RefObject<HTMLDivElement | null>;
  readonly rows: readonly CaseRow[];
  readonly sections: readonly Section[];
  readonly query: CasesSnapshot['query'];
  readonly rowHeight: number;
  /** Index of the row with the focus, -1 without one. */
  readonly activeRow: number;
  readonly held: HeldRows;
}

type Shown = Pick<ScrollAnchorInput, 'rows' | 'sections' | 'query' | 'held'>;

/** Rows looked at for one that stands where it stood. */
const CANDIDATES = 40;

/**
 * Keeps what someone looks at in its place on the screen when rows come, go or move: the row with the focus, else the
 * first one in view that did not change itself. Another query starts at the top.
 */
export function useScrollAnchor({
  onShift,
  scrollRef,
  rowHeight,
  rows,
  sections,
  query,
  activeRow,
  held,
}: ScrollAnchorInput): void {
  const last = useRef<Shown | null>(null);
  const scrollTo = (element: HTMLDivElement, top: number): void => {
    if (element.scrollTop === top) return;
    element.scrollTop = top;
    onShift(element.scrollTop);
  };
  useLayoutEffect(() => {
    const before = last.current;
    last.current = { rows, sections, query, held };
    const element = scrollRef.current;
    if (!element || !before || before.rows === rows) return;
    if (before.query !== query) {
      scrollTo(element, 0);
      return;
    }
    const firstLine = Math.ceil(element.scrollTop / rowHeight);
    const lastLine = Math.floor((element.scrollTop + element.clientHeight) / rowHeight) - 1;
    const active = rows[activeRow];
    const activeBefore = active ? indexOfKey(before.rows, active.key, activeRow) : -1;
    const activeLine = activeBefore < 0 ? -1 : lineOfRow(activeBefore, before.sections);
    const isActiveInView = activeLine >= firstLine - 1 && activeLine <= lastLine;
    // At its top the list grows upwards unseen; there is nothing to keep in place but the focus.
    if (!isActiveInView && element.scrollTop < rowHeight) return;
    const anchor = isActiveInView ? activeBefore : steadyRow(before, firstLine);
    const row = before.rows[anchor];
    if (!row) return;
    const next = indexOfKey(rows, row.key, anchor);
    if (next < 0) return;
    const shift = (lineOfRow(next, sections) - lineOfRow(anchor, before.sections)) * rowHeight;
    scrollTo(element, element.scrollTop + shift);
  });
}

/** Index of the first row from this line on that is still as it was shown; the others may have moved themselves. */
function steadyRow({ rows, sections, held }: Shown, firstLine: number): number {
  for (let line = firstLine; line < firstLine + CANDIDATES; line++) {
    const entry = lineAt(line, sections);
    const row = 'row' in entry ? rows[entry.row] : undefined;
    if (row && 'row' in entry && held.read(row) === row) return entry.row;
  }
  return -1;
}

function indexOfKey(rows: readonly CaseRow[], key: string, guess: number): number {
  return rows[guess]?.key === key ? guess : rows.findIndex((row) => row.key === key);
}
