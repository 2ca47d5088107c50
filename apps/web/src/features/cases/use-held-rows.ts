import type { CaseRow, RecordStore } from '@meldesync/client';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { CasesSnapshot } from '../../sync/live-cases.ts';
import { useSync } from '../../sync/sync-context.tsx';
import { countNew, createHeldRows, createListing, type HeldRows } from './held-rows.ts';

/** How often new rows are counted while the order stands still. */
const COUNT_EVERY_MS = 500;

interface HeldList {
  /** In the order that is shown. */
  readonly rows: readonly CaseRow[];
  /** How many rows wait to be shown. */
  readonly waiting: number;
  readonly held: HeldRows;
  /** Whether a row of the shown list is still in the live one; asked for rows that changed, it looks through the list. */
  isListed(row: CaseRow): boolean;
  /** Shows the live order now. */
  release(): void;
}

/**
 * Keeps the order of the list still while `isHolding`, so that nothing moves under the cursor, the focus or an open
 * editor. Another query, the end of holding and `release` bring the live order.
 */
export function useHeldRows(snapshot: CasesSnapshot, isHolding: boolean): HeldList {
  const { client } = useSync();
  const [kept, setKept] = useState(snapshot);
  const shown = isHolding && kept.query === snapshot.query && kept.rows.length > 0 ? kept : snapshot;
  if (shown !== kept) setKept(shown);

  const { rows } = shown;
  const held = useHeldReader(client.store, rows);

  const waiting = useWaiting(rows, snapshot.rows);
  const isListed = useMemo(() => createListing(snapshot.rows), [snapshot.rows]);
  const release = useCallback(() => setKept(snapshot), [snapshot]);
  return { rows, waiting, held, isListed, release };
}

/** A reader for exactly this order of rows. */
function useHeldReader(store: RecordStore, rows: readonly CaseRow[]): HeldRows {
  const [reader, setReader] = useState(() => ({ rows, held: createHeldRows(store) }));
  const current = reader.rows === rows ? reader : { rows, held: createHeldRows(store) };
  if (current !== reader) setReader(current);
  const { held } = current;
  useEffect(() => store.subscribe((changes) => held.touch(changes)), [store, held]);
  return held;
}

/** Counts the rows that wait, twice a second at most: it goes through both lists. */
function useWaiting(shown: readonly CaseRow[], live: readonly CaseRow[]): number {
  const [waiting, setWaiting] = useState({ shown, count: 0 });
  const liveRef = useRef(live);
  useEffect(() => {
    liveRef.current = live;
  }, [live]);
  const isHeld = shown !== live;
  useEffect(() => {
    if (!isHeld) return undefined;
    const count = (): void => setWaiting({ shown, count: countNew(shown, liveRef.current) });
    const timer = setInterval(count, COUNT_EVERY_MS);
    return () => clearInterval(timer);
  }, [isHeld, shown]);
  return isHeld && waiting.shown === shown ? waiting.count : 0;
}
