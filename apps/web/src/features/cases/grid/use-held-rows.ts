import type { CaseRow, RecordStore } from '@meldesync/client';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { CasesSnapshot } from '../../../sync/live-cases.ts';
import { useSync } from '../../../sync/sync-context.tsx';
import { countNew, createHeldRows, createListing, type HeldRows, settleRow } from './held-rows.ts';

/** How often new rows are counted while the order stands still. */
const COUNT_EVERY_MS = 500;

export interface HeldList {
  /** In the order that is shown. */
  readonly rows: readonly CaseRow[];
  /** How many rows wait to be shown. */
  readonly waiting: number;
  readonly held: HeldRows;
  /** Whether a row of the shown list is still in the live one; asked for rows that changed, it looks through the list. */
  isListed(row: CaseRow): boolean;
  /** Lets a row go to its place, because someone has moved on from it; all others stay where they are. */
  settle(key: string): void;
  /** Shows the live order now. */
  release(): void;
}

/** An order of rows that was shown, and the reader of exactly these rows. */
interface Kept {
  readonly query: CasesSnapshot['query'];
  readonly rows: readonly CaseRow[];
  readonly held: HeldRows;
}

/**
 * Keeps the order of the list still while `isHolding`, so that nothing moves under the cursor, the focus or an open
 * editor. Another query, the end of holding and `release` bring the live order.
 */
export function useHeldRows(snapshot: CasesSnapshot, isHolding: boolean): HeldList {
  const { optimistic } = useSync().client;
  const [kept, setKept] = useState(() => keep(snapshot, optimistic));
  const isKept = kept.query === snapshot.query && (kept.rows === snapshot.rows || (isHolding && kept.rows.length > 0));
  const shown = isKept ? kept : keep(snapshot, optimistic);
  if (shown !== kept) setKept(shown);

  const { rows, held } = shown;
  useEffect(() => optimistic.subscribe((changes) => held.touch(changes)), [optimistic, held]);

  const waiting = useWaiting(shown, snapshot.rows);
  const isListed = useMemo(() => createListing(snapshot.rows), [snapshot.rows]);
  const settle = useCallback(
    (key: string) =>
      setKept((current) => {
        const left = current.rows.find((row) => row.key === key);
        if (!left) return current;
        const settled = settleRow(current.rows, snapshot.rows, key, current.held.read(left));
        return settled === current.rows ? current : { ...current, rows: settled };
      }),
    [snapshot],
  );
  const release = useCallback(() => setKept(keep(snapshot, optimistic)), [optimistic, snapshot]);
  return { rows, waiting, held, isListed, settle, release };
}

function keep({ query, rows }: CasesSnapshot, store: RecordStore): Kept {
  return { query, rows, held: createHeldRows(store, rows) };
}

/** Counts the rows that wait, twice a second at most: it goes through both lists. */
function useWaiting({ rows: shown, held }: Kept, live: readonly CaseRow[]): number {
  const [waiting, setWaiting] = useState({ held, count: 0 });
  const liveRef = useRef(live);
  useEffect(() => {
    liveRef.current = live;
  }, [live]);
  const isHeld = shown !== live;
  useEffect(() => {
    if (!isHeld) return undefined;
    const count = (): void => setWaiting({ held, count: countNew(shown, liveRef.current) });
    const timer = setInterval(count, COUNT_EVERY_MS);
    return () => clearInterval(timer);
  }, [isHeld, shown, held]);
  return isHeld && waiting.held === held ? waiting.count : 0;
}
