import type { CaseQuery } from '@meldesync/client';
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useMemo, useReducer } from 'react';
import type { CasesSnapshot } from '../../../sync/live-cases.ts';
import { type CaseTable, useCaseTable } from '../columns/use-case-table.ts';
import { lineCount, lineOfRow, sectionsOf } from './sections.ts';
import { type GridFocus, useGridFocus } from './use-grid-focus.ts';
import { type HeldList, useHeldRows } from './use-held-rows.ts';
import { useScrollAnchor } from './use-scroll-anchor.ts';
import { linesToDraw, type RowLine, type VisibleLine, visibleLines } from './visible-lines.ts';

interface CaseLinesInput {
  readonly snapshot: CasesSnapshot;
  /** The order stands still. */
  readonly isHolding: boolean;
  readonly hasFocus: boolean;
  readonly scrollRef: RefObject<HTMLDivElement | null>;
  /** In pixels. */
  readonly rowHeight: number;
  readonly onSort: (sort: CaseQuery['sort']) => void;
}

export interface CaseLines {
  readonly list: HeldList;
  readonly focus: GridFocus;
  readonly table: CaseTable;
  /** How many lines rows and headings make. */
  readonly count: number;
  /** What is drawn. */
  readonly visible: readonly VisibleLine[];
  /** The rows of it that stand for a case. */
  readonly shown: readonly RowLine[];
  /** Brings a row into view, by its index. */
  readonly scrollTo: (row: number) => void;
}

/** In pixels. */
const HEADER_HEIGHT = 34;

/** The lines of the list: which rows there are, in which order, which of them are drawn, and which has the focus. */
export function useCaseLines({
  snapshot,
  isHolding,
  hasFocus,
  scrollRef,
  rowHeight,
  onSort,
}: CaseLinesInput): CaseLines {
  const list = useHeldRows(snapshot, isHolding);
  const { rows, held } = list;
  const { query } = snapshot;
  const sections = useMemo(() => sectionsOf(rows, query.sort), [rows, query.sort]);
  const focus = useGridFocus({ rows, held, hasFocus, onLeaveChanged: list.settle });
  const count = lineCount(rows.length, sections);
  const { virtualizer, drawFrom } = useLines({
    count,
    scrollRef,
    rowHeight,
    activeLine: focus.activeRow < 0 ? null : lineOfRow(focus.activeRow, sections),
  });
  useScrollAnchor({ onShift: drawFrom, scrollRef, rows, sections, query, rowHeight, activeRow: focus.activeRow, held });
  const lines = virtualizer.getVirtualItems().map(({ index }) => index);
  const visible = visibleLines({ lines, rows, sections, held });
  const shown = visible.filter((entry): entry is RowLine => entry.kind === 'row');
  const table = useCaseTable({ shown, sort: query.sort, onSort });
  const scrollTo = (row: number): void => virtualizer.scrollToIndex(lineOfRow(row, sections), { align: 'auto' });
  return { list, focus, table, count, visible, shown, scrollTo };
}

interface LinesInput extends Pick<CaseLinesInput, 'scrollRef' | 'rowHeight'> {
  readonly count: number;
  /** The line with the focus, which is drawn wherever it is. */
  readonly activeLine: number | null;
}

interface Lines {
  readonly virtualizer: Virtualizer<HTMLDivElement, Element>;
  /** Draws the lines in view at once after the list was scrolled to here, in pixels, without waiting to hear of it. */
  readonly drawFrom: (scrollTop: number) => void;
}

/** Finds the lines in view. Every line is as high, so that any of a hundred thousand is found without measuring. */
function useLines({ count, scrollRef, rowHeight, activeLine }: LinesInput): Lines {
  const [, draw] = useReducer((drawn: number) => drawn + 1, 0);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scrollRef.current,
    estimateSize: useCallback(() => rowHeight, [rowHeight]),
    overscan: 12,
    scrollMargin: HEADER_HEIGHT,
    scrollPaddingStart: HEADER_HEIGHT,
    scrollPaddingEnd: 4,
    rangeExtractor: useCallback(
      (range: Parameters<typeof linesToDraw>[0]) => linesToDraw(range, activeLine),
      [activeLine],
    ),
  });
  const drawFrom = (scrollTop: number): void => {
    virtualizer.scrollOffset = scrollTop;
    draw();
  };
  return { virtualizer, drawFrom };
}
