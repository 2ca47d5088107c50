import { useMediaQuery } from '@mantine/hooks';
import type { AuditEntry } from '@meldesync/protocol';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type FocusEvent, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { usePreferences } from '../../../preferences/preferences.ts';
import { WaitingPill } from '../../../ui/waiting-pill.tsx';
import { linesOf } from './audit-lines.ts';
import { DayRow } from './day-row.tsx';
import classes from './entries.module.css';
import { EntryRow } from './entry-row.tsx';
import { ListFoot } from './list-foot.tsx';
import { useArrival } from './use-arrival.ts';
import { useHeldPlace } from './use-held-place.ts';
import { useListKeys } from './use-list-keys.ts';
import type { Trail } from './use-trail.ts';

interface EntryListProps {
  readonly trail: Trail;
  /** Key of the entry in the side panel. */
  readonly openKey: string | null;
  /** Opens the panel on an entry, or closes it. `isByKey`: the focus goes there. */
  readonly onOpen: (entry: AuditEntry | null, isByKey: boolean) => void;
  /** Stands in place of the list when it is empty. */
  readonly empty: ReactNode;
  /** What stands below the last entry. */
  readonly end: string;
}

/** In pixels. */
const ROW_HEIGHT = { comfortable: 34, compact: 28 } as const;
const NARROW_ROW_HEIGHT = 58;
const HEADER_HEIGHT = 34;
/** Older entries are loaded when so many lines are left. */
const AHEAD = 80;
const COLUMNS = ['when', 'who', 'what', 'case', 'from', 'seal'] as const;

/**
 * The trail as a grid of virtual rows, one of which has the focus. New entries go in at its top while nobody points at it, is in it or has
 * scrolled; else they wait. Long by what it joins.
 */
export function EntryList({ trail, openKey, onOpen, empty, end }: EntryListProps) {
  const t = useTranslations('audit');
  const { density } = usePreferences();
  const isNarrow = useMediaQuery('(max-width: 720px)');
  const rowHeight = isNarrow ? NARROW_ROW_HEIGHT : ROW_HEIGHT[density];
  const scrollRef = useRef<HTMLDivElement>(null);
  const gridRef = useRef<HTMLDivElement>(null);
  const { entries, waiting, isFlood, takeIn, older, loadOlder, newer, loadNewer, begin } = trail;
  const lines = useMemo(() => linesOf(entries), [entries]);
  const [isInUse, setInUse] = useState({ pointer: false, focus: false });
  const [isAtTop, setAtTop] = useState(true);

  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: useCallback(() => rowHeight, [rowHeight]),
    overscan: 12,
    scrollMargin: HEADER_HEIGHT,
    scrollPaddingStart: HEADER_HEIGHT + rowHeight,
    scrollPaddingEnd: 4,
  });
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  const drawn = virtualizer.getVirtualItems();
  const [firstDrawn, lastDrawn] = [drawn[0]?.index ?? 0, drawn.at(-1)?.index ?? 0];

  useEffect(() => {
    if (older === 'there' && lastDrawn >= lines.length - AHEAD) loadOlder();
  }, [older, lastDrawn, lines.length, loadOlder]);
  useHeldPlace({ lines, rowHeight, scrollRef, isHeld: trail.end === 'oldest' });

  const { active, onKeyDown, onClick, focusRow, goTo } = useListKeys({
    lines,
    openKey,
    onOpen,
    scrollRef,
    scrollTo: (line) => virtualizer.scrollToIndex(line, { align: 'auto' }),
    pageLines: () => Math.max(1, Math.floor((scrollRef.current?.clientHeight ?? 0) / rowHeight) - 2),
    goToEnd: (key) => {
      const isLoaded = (key === 'End' ? older : newer) === 'none';
      if (!isLoaded) begin(key === 'End' ? 'oldest' : 'newest');
      return !isLoaded;
    },
  });
  // The button or the row that had the focus goes; keys are not lost until the row that gets it is drawn.
  const focusList = (): void => gridRef.current?.focus({ preventScroll: true });
  useArrival({
    trail,
    lines,
    scrollRef,
    goTo: (line) => {
      focusList();
      goTo(line);
    },
  });
  useEffect(() => {
    if (newer === 'there' && firstDrawn <= AHEAD) loadNewer();
  }, [newer, firstDrawn, loadNewer]);

  const mayTakeIn =
    waiting > 0 && !isFlood && newer === 'none' && isAtTop && openKey === null && !isInUse.pointer && !isInUse.focus;
  useEffect(() => {
    if (mayTakeIn) takeIn();
  }, [mayTakeIn, takeIn]);
  const showWaiting = (): void => {
    takeIn();
    if (scrollRef.current) scrollRef.current.scrollTop = 0;
    focusRow(null);
  };

  // What has the focus stays drawn, wherever it is.
  const indexes = withActive(
    drawn.map(({ index }) => index),
    lines.findIndex(({ key }) => key === active),
  );
  return (
    <div
      className={classes.frame}
      style={{ '--row-height': `${rowHeight}px` }}
      data-old={trail.isOfBefore || undefined}
      onFocus={() => setInUse((use) => ({ ...use, focus: true }))}
      onBlur={(event) => {
        const focus = staysWithin(event);
        setInUse((use) => ({ ...use, focus }));
      }}
      onPointerEnter={(event) => event.pointerType === 'mouse' && setInUse((use) => ({ ...use, pointer: true }))}
      onPointerLeave={() => setInUse((use) => ({ ...use, pointer: false }))}
    >
      <div
        ref={scrollRef}
        className={classes.scroll}
        onScroll={({ currentTarget }) => setAtTop(currentTarget.scrollTop < rowHeight)}
      >
        <div
          ref={gridRef}
          role="grid"
          tabIndex={-1}
          aria-label={t('list')}
          aria-rowcount={older === 'none' && newer === 'none' ? lines.length + 1 : -1}
          aria-colcount={COLUMNS.length}
          aria-busy={trail.isOfBefore || undefined}
          className={classes.grid}
          onKeyDown={onKeyDown}
          onClick={onClick}
        >
          <div role="rowgroup" className={classes.head}>
            <div role="row" aria-rowindex={1} className={classes.headRow}>
              {COLUMNS.map((name) => (
                <div key={name} role="columnheader" className={classes.headCell} data-col={name}>
                  {t(`columns.${name}`)}
                </div>
              ))}
            </div>
          </div>
          <div role="rowgroup" className={classes.body} style={{ height: lines.length * rowHeight }}>
            {indexes.map((index) => {
              const line = lines[index];
              if (!line) return null;
              const top = index * rowHeight;
              if (line.kind === 'day') return <DayRow key={line.key} day={line.day} line={index} top={top} />;
              return (
                <EntryRow
                  key={line.key}
                  entry={line.entry}
                  line={index}
                  top={top}
                  isOpen={openKey === line.key}
                  isTabStop={active === line.key}
                />
              );
            })}
          </div>
        </div>
        {entries.length === 0 ? null : <ListFoot trail={trail} end={end} onLeave={focusList} />}
      </div>
      {isFlood || (waiting > 0 && !mayTakeIn) ? (
        <WaitingPill onShow={showWaiting}>{isFlood ? t('waitingMany') : t('waiting', { count: waiting })}</WaitingPill>
      ) : null}
      {entries.length === 0 ? <div className={classes.empty}>{empty}</div> : null}
    </div>
  );
}

function withActive(indexes: readonly number[], active: number): readonly number[] {
  return active < 0 || indexes.includes(active) ? indexes : [...indexes, active].toSorted((a, b) => a - b);
}

/** Whether the focus only goes from one part of the element to another. */
function staysWithin({ relatedTarget, currentTarget }: FocusEvent): boolean {
  return relatedTarget instanceof Node && currentTarget.contains(relatedTarget);
}
