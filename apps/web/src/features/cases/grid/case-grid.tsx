import type { CaseQuery, CaseRow } from '@meldesync/client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type FocusEvent, type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useRevealCase } from '../../../address/reveal-case.ts';
import { useDrive } from '../../../editing/drive/drive-context.tsx';
import { useRowName } from '../../../editing/use-row-name.ts';
import { usePreferences } from '../../../preferences/preferences.ts';
import type { CasesSnapshot } from '../../../sync/live-cases.ts';
import { useSync } from '../../../sync/sync-context.tsx';
import { TipLayer } from '../../../ui/tip-layer.tsx';
import { LockAnnouncer } from '../../locks/lock-announcer.tsx';
import { SelectionBar } from '../bulk/selection-bar.tsx';
import { useToggleDone } from '../cells/use-toggle-done.ts';
import { COLUMN_IDS, COLUMN_WIDTHS } from '../columns/column-ids.ts';
import { useCaseTable } from '../columns/use-case-table.ts';
import { recordsOfRow } from '../facts/case-facts.ts';
import { useSelection } from '../selection/selection-context.tsx';
import classes from './case-grid.module.css';
import { GridHeader } from './grid-header.tsx';
import { GridRow } from './grid-row.tsx';
import { lineUnder } from './grid-targets.ts';
import { readRows } from './held-rows.ts';
import { SectionRow } from './section-row.tsx';
import { lineCount, lineOfRow, sectionsOf } from './sections.ts';
import { useGridFocus } from './use-grid-focus.ts';
import { useGridKeys } from './use-grid-keys.ts';
import { useGridPointer } from './use-grid-pointer.ts';
import { useHeldRows } from './use-held-rows.ts';
import { useLatestActions } from './use-latest-actions.ts';
import { useScrollAnchor } from './use-scroll-anchor.ts';
import { useEndUndrawn, useStartEdit } from './use-start-edit.ts';
import { linesToDraw, type RowLine, visibleLines } from './visible-lines.ts';

interface CaseGridProps {
  readonly snapshot: CasesSnapshot;
  /** Stands in place of the list when it is empty. */
  readonly noMatch: ReactNode;
  /** Internal id of the record in the side panel. */
  readonly openRecord: number | null;
  /** Opens the panel on a case, or closes it. `isByKey`: the focus goes there. */
  readonly onOpen: (row: CaseRow | null, isByKey: boolean) => void;
  readonly onSort: (sort: CaseQuery['sort']) => void;
}

/** Every line is as high, so that any of a hundred thousand is found without measuring. */
const ROW_HEIGHT = { comfortable: 34, compact: 28 } as const;
const HEADER_HEIGHT = 34;

/** The list as a grid: virtual rows, one cell with the focus, editors in place, and an order that stands still in use. */
export function CaseGrid({ snapshot, noMatch, openRecord, onOpen, onSort }: CaseGridProps) {
  const t = useTranslations('cases');
  const rowName = useRowName();
  const rowHeight = ROW_HEIGHT[usePreferences().density];
  const scrollRef = useRef<HTMLDivElement>(null);
  const [hasFocus, setHasFocus] = useState(false);
  const [pointedLine, setPointedLine] = useState<number | null>(null);
  const edit = useStartEdit(onOpen);
  const { client } = useSync();
  const drive = useDrive();
  // While the first snapshot comes in, order is not worth keeping yet.
  const isLoaded = client.cursor !== null;
  const isInUse = hasFocus || pointedLine !== null || edit.editing !== null;
  const list = useHeldRows(snapshot, isLoaded && isInUse);
  const { rows, held } = list;
  const { query } = snapshot;
  const sections = useMemo(() => sectionsOf(rows, query.sort), [rows, query.sort]);
  const focus = useGridFocus({ rows, held, onLeaveChanged: list.settle });
  const activeLine = focus.activeRow < 0 ? null : lineOfRow(focus.activeRow, sections);
  const count = lineCount(rows.length, sections);

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
  useScrollAnchor({ scrollRef, rows, sections, query, rowHeight, activeRow: focus.activeRow, held });

  const lines = virtualizer.getVirtualItems().map(({ index }) => index);
  const visible = visibleLines({ lines, rows, sections, held });
  const shown = visible.filter((entry): entry is RowLine => entry.kind === 'row');
  useEndUndrawn(edit, shown);
  const table = useCaseTable({ shown, sort: query.sort, onSort });
  const tableRows = new Map(table.getRowModel().rows.map((row) => [row.id, row]));

  const selection = useSelection();
  const readShown = useCallback(() => readRows(rows, held), [rows, held]);
  const select = (row: CaseRow, isRange: boolean): void => {
    if (isRange) selection.extendTo(row, readShown());
    else selection.toggle(row);
  };
  const goTo = (row: number, column: number): void => {
    const target = rows[row];
    const columnId = COLUMN_IDS[column];
    if (!target || !columnId) return;
    virtualizer.scrollToIndex(lineOfRow(row, sections), { align: 'auto' });
    focus.moveTo({ key: target.key, column: columnId });
    if (openRecord !== null) onOpen(held.read(target), false);
  };
  useRevealCase((record) => {
    const found = rows.findIndex((row) => recordsOfRow(row).some(({ id }) => id === record));
    if (found < 0) return;
    virtualizer.scrollToIndex(lineOfRow(found, sections), { align: 'auto' });
    const key = rows[found]?.key;
    if (key !== undefined) focus.moveTo({ key, column: 'caseId' });
  });
  const onKeyDown = useGridKeys({
    focus,
    rows,
    held,
    pageRows: Math.max(1, Math.floor((scrollRef.current?.clientHeight ?? 0) / rowHeight) - 2),
    isEditing: edit.editing !== null,
    goTo,
    onOpen: (row) => onOpen(row, true),
    onEscape: () => {
      if (openRecord !== null) onOpen(null, true);
      else selection.clear();
    },
    onEdit: edit.start,
    onToggleDone: useToggleDone(),
    onSelect: select,
  });
  const actions = useLatestActions({
    onCellFocus: (key, column) => {
      drive.arrive();
      focus.setActive({ key, column });
    },
    onEdit: edit.start,
    onEditEnd: (returnFocus) => {
      edit.end();
      if (returnFocus) focus.focusActive();
    },
  });

  const pointer = useGridPointer({
    shown,
    editing: edit.editing,
    onOpen: (row) => onOpen(row, false),
    onSelect: select,
    onEdit: (key, row, column) => {
      // The panel may have come between the two clicks and moved the columns.
      focus.setActive({ key, column });
      edit.start(key, row, column);
    },
  });
  const showWaiting = (): void => {
    list.release();
    // The button goes with what waited; the focus goes back to the list, if it was there.
    setHasFocus(false);
    focus.focusActive();
  };
  const onBlur = (event: FocusEvent): void => {
    if (!(event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget))) setHasFocus(false);
  };
  const isNarrowed = query.filter !== 'all' || query.text !== '';
  const active = rows[focus.activeRow];
  const activeCase = active ? held.read(active) : null;
  // Before anything had the focus, or once that is gone, the tab key enters the grid at its first row.
  const tabStop = activeCase && focus.active ? focus.active : { key: shown[0]?.key, column: 'caseId' as const };

  const rowOf = (entry: RowLine) => {
    const tableRow = tableRows.get(entry.key);
    return tableRow ? (
      <GridRow
        key={entry.key}
        rowKey={entry.key}
        row={entry.now}
        tableRow={tableRow}
        line={entry.line}
        top={entry.line * rowHeight}
        tabColumn={tabStop.key === entry.key ? (tabStop.column ?? null) : null}
        editing={edit.editing?.key === entry.key ? edit.editing : null}
        isOpen={openRecord !== null && recordsOfRow(entry.now).some(({ id }) => id === openRecord)}
        isStale={isNarrowed && entry.now !== entry.row && !list.isListed(entry.now)}
        isPointed={pointedLine === entry.line}
        actions={actions}
      />
    ) : null;
  };

  return (
    <div
      className={classes.frame}
      style={{ '--row-height': `${rowHeight}px` }}
      onFocus={() => setHasFocus(true)}
      onBlur={onBlur}
    >
      <div ref={scrollRef} className={classes.scroll}>
        <div
          role="grid"
          tabIndex={-1}
          aria-label={t('gridLabel')}
          aria-rowcount={count + 1}
          aria-colcount={COLUMN_IDS.length}
          aria-multiselectable="true"
          className={classes.grid}
          style={{ '--columns': COLUMN_WIDTHS }}
          onKeyDown={onKeyDown}
          onClick={pointer.onClick}
          onMouseDown={pointer.onMouseDown}
        >
          <GridHeader table={table} readShown={readShown} />
          <div
            role="rowgroup"
            className={classes.body}
            style={{ height: count * rowHeight }}
            onPointerMove={({ target }) => setPointedLine(lineUnder(target))}
            onPointerLeave={() => setPointedLine(null)}
          >
            {visible.map((entry) =>
              entry.kind === 'row' ? (
                rowOf(entry)
              ) : (
                <SectionRow
                  key={entry.section.name}
                  section={entry.section}
                  line={entry.line}
                  top={entry.line * rowHeight}
                />
              ),
            )}
          </div>
        </div>
      </div>
      {list.waiting > 0 ? (
        <button type="button" className={classes.waiting} onClick={showWaiting}>
          {t('waiting', { count: list.waiting })}
        </button>
      ) : null}
      {rows.length === 0 ? <div className={classes.empty}>{noMatch}</div> : null}
      <SelectionBar readShown={readShown} />
      <TipLayer within={scrollRef} />
      {activeCase ? (
        <LockAnnouncer key={activeCase.key} records={recordsOfRow(activeCase)} name={rowName(activeCase)} />
      ) : null}
    </div>
  );
}
