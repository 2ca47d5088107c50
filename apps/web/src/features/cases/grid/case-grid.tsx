import type { CaseQuery, CaseRow } from '@meldesync/client';
import { type FocusEvent, type ReactNode, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useRowName } from '../../../editing/use-row-name.ts';
import { usePreferences } from '../../../preferences/preferences.ts';
import type { CasesSnapshot } from '../../../sync/live-cases.ts';
import { useSync } from '../../../sync/sync-context.tsx';
import { TipLayer } from '../../../ui/tip-layer.tsx';
import { WaitingPill } from '../../../ui/waiting-pill.tsx';
import { LockAnnouncer } from '../../locks/lock-announcer.tsx';
import { SelectionBar } from '../bulk/selection-bar.tsx';
import { COLUMN_IDS, COLUMN_WIDTHS } from '../columns/column-ids.ts';
import { recordsOfRow } from '../facts/case-facts.ts';
import classes from './case-grid.module.css';
import { GridBody } from './grid-body.tsx';
import { GridHeader } from './grid-header.tsx';
import { useCaseLines } from './use-case-lines.ts';
import { useGridCommands } from './use-grid-commands.ts';
import { useEndUndrawn, useStartEdit } from './use-start-edit.ts';

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

/** In pixels. */
const ROW_HEIGHT = { comfortable: 34, compact: 28 } as const;

/**
 * The list as a grid: virtual rows, one cell with the focus, editors in place, and an order that stands still in use. Long by
 * what it joins: each part is a hook or a component of its own.
 */
export function CaseGrid({ snapshot, noMatch, openRecord, onOpen, onSort }: CaseGridProps) {
  const t = useTranslations('cases');
  const rowName = useRowName();
  const rowHeight = ROW_HEIGHT[usePreferences().density];
  const scrollRef = useRef<HTMLDivElement>(null);
  const [hasFocus, setHasFocus] = useState(false);
  const [pointedLine, setPointedLine] = useState<number | null>(null);
  const edit = useStartEdit(onOpen);
  const isInUse = hasFocus || pointedLine !== null || edit.editing !== null;
  // While the first snapshot comes in, order is not worth keeping yet.
  const isLoaded = useSync().client.cursor !== null;
  const lines = useCaseLines({
    snapshot,
    isHolding: isLoaded && isInUse,
    hasFocus,
    scrollRef,
    rowHeight,
    onSort,
  });
  const { list, focus, table, count, shown } = lines;
  useEndUndrawn(edit, shown);
  const { onKeyDown, pointer, actions, readShown } = useGridCommands({
    lines,
    edit,
    readPageRows: () => Math.max(1, Math.floor((scrollRef.current?.clientHeight ?? 0) / rowHeight) - 2),
    isPanelOpen: openRecord !== null,
    onOpen,
  });
  const showWaiting = (): void => {
    list.release();
    // The button goes with what waited; the focus goes back to the list, if it was there.
    setHasFocus(false);
    focus.focusActive();
  };
  const active = list.rows[focus.activeRow];
  const activeCase = active ? list.held.read(active) : null;

  return (
    <div
      className={classes.frame}
      style={{ '--row-height': `${rowHeight}px` }}
      onFocus={() => setHasFocus(true)}
      onBlur={(event) => setHasFocus(staysWithin(event))}
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
          <GridBody
            lines={lines}
            rowHeight={rowHeight}
            editing={edit.editing}
            openRecord={openRecord}
            isNarrowed={snapshot.query.filter !== 'all' || snapshot.query.text !== ''}
            pointedLine={pointedLine}
            onPoint={setPointedLine}
            actions={actions}
          />
        </div>
      </div>
      {list.waiting > 0 ? (
        <WaitingPill onShow={showWaiting}>{t('waiting', { count: list.waiting })}</WaitingPill>
      ) : null}
      {list.rows.length === 0 ? <div className={classes.empty}>{noMatch}</div> : null}
      <SelectionBar readShown={readShown} />
      <TipLayer within={scrollRef} />
      {activeCase ? (
        <LockAnnouncer key={activeCase.key} records={recordsOfRow(activeCase)} name={rowName(activeCase)} />
      ) : null}
    </div>
  );
}

/** Whether the focus only goes from one part of the element to another. */
function staysWithin({ relatedTarget, currentTarget }: FocusEvent): boolean {
  return relatedTarget instanceof Node && currentTarget.contains(relatedTarget);
}
