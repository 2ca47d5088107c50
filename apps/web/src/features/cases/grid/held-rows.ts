import type { AppliedChange, CaseRow, ClientRecord, RecordStore } from '@meldesync/client';
import { groupRecords } from '../../../sync/live-cases.ts';
import { recordsOfRow } from '../facts/case-facts.ts';

/**
 * Rows whose order stands still while someone works in them. Their content stays live: `read` gives a row as it is now,
 * although it may long belong elsewhere in the list.
 */
export interface HeldRows {
  /**
   * The row as it is now; itself when nothing about it changed. Null when it stands for no case any more: its records are
   * gone, or belong to another case, which has a row of its own.
   */
  read(row: CaseRow): CaseRow | null;
  /** The cases that the records of a row went to which stands for none any more; empty for every other. */
  movedTo(row: CaseRow): readonly CaseRow[];
  /** Notes what a batch of changes touched. */
  touch(changes: readonly AppliedChange[]): void;
}

/** What became of a row, and what that was read from. */
interface Reading {
  readonly now: CaseRow | null;
  readonly movedTo: readonly CaseRow[];
  /** The records it was made of. */
  readonly records: readonly ClientRecord[];
  /** Cases whose records decide it, with those records as far as they were looked up. */
  readonly cases: readonly (readonly [caseId: string, records: readonly ClientRecord[] | undefined])[];
}

/** Makes the reader for a list of rows that is kept; another one gets its own. */
export function createHeldRows(store: Pick<RecordStore, 'get' | 'values'>, rows: readonly CaseRow[]): HeldRows {
  const touched = new Set<string>();
  /** The records of the cases that were touched, as they were when one of these was last read. */
  const found = new Map<string, readonly ClientRecord[]>();
  const readings = new Map<string, Reading>();
  let keys: ReadonlySet<string> | null = null;

  /** Goes through the store once for all cases that were touched: a range may read thousands of rows. */
  const lookUp = (): void => {
    const records = new Map([...touched].map((caseId): [string, ClientRecord[]] => [caseId, []]));
    for (const record of store.values()) if (record.caseId !== null) records.get(record.caseId)?.push(record);
    for (const [caseId, ofCase] of records) found.set(caseId, ofCase);
    touched.clear();
  };
  const recordsOf = (caseId: string): readonly ClientRecord[] | undefined => {
    if (touched.has(caseId)) lookUp();
    return found.get(caseId);
  };
  const isHeld = (key: string): boolean => {
    keys ??= new Set(rows.map((row) => row.key));
    return keys.has(key);
  };

  const isCurrent = ({ records, cases }: Reading): boolean =>
    cases.every(([caseId, known]) => !touched.has(caseId) && found.get(caseId) === known) &&
    records.every((record) => store.get(record.id) === record);

  const readAnew = (row: CaseRow): Reading => {
    const ofCase = row.caseId === null ? undefined : recordsOf(row.caseId);
    const own = row.caseId === null ? [] : [[row.caseId, ofCase] as const];
    if (ofCase && ofCase.length > 0) return { ...standing(ofCase), records: ofCase, cases: own };
    // A case whose records all went elsewhere is followed there, so that it does not vanish under someone's hands.
    const records = recordsOfRow(row).flatMap(({ id }) => store.get(id) ?? []);
    const went = groupRecords(records);
    const [to, ...others] = went;
    if (!to || others.length > 0) return { now: null, movedTo: went, records, cases: own };
    if (to.caseId === null || to.caseId === row.caseId) return { now: to, movedTo: [], records, cases: own };
    // But not into a case that is more than this row, or has a row of its own: two would stand for one.
    const all = recordsOf(to.caseId);
    const isFollowed = (all === undefined || all.length === records.length) && !isHeld(to.key);
    return {
      ...(isFollowed ? { now: to, movedTo: [] } : { now: null, movedTo: [to] }),
      records,
      cases: [...own, [to.caseId, all]],
    };
  };
  const reading = (row: CaseRow): Reading => {
    const known = readings.get(row.key);
    if (known && isCurrent(known)) return known;
    if (!known && isUntouched(row)) return { now: row, movedTo: [], records: [], cases: [] };
    const anew = readAnew(row);
    readings.set(row.key, anew);
    return anew;
  };
  const isUntouched = (row: CaseRow): boolean =>
    (row.caseId === null || (!touched.has(row.caseId) && !found.has(row.caseId))) &&
    recordsOfRow(row).every((record) => store.get(record.id) === record);

  return {
    read: (row) => reading(row).now,
    movedTo: (row) => reading(row).movedTo,
    touch(changes) {
      for (const { before, after } of changes) {
        if (before?.caseId) touched.add(before.caseId);
        if (after?.caseId) touched.add(after.caseId);
      }
    },
  };
}

function standing(records: readonly ClientRecord[]): Pick<Reading, 'now' | 'movedTo'> {
  const [now = null] = groupRecords(records);
  return { now, movedTo: [] };
}

/** Held rows as they are now, without those that stand for no case any more. */
export function readRows(rows: readonly CaseRow[], held: HeldRows): readonly CaseRow[] {
  return rows.flatMap((row) => held.read(row) ?? []);
}

/**
 * The held list with one row, of which someone has moved on, at its place in the live list, or without it where it is no
 * longer listed. Its place is found by the rows around it that are the same in both lists, because any other may stand
 * elsewhere by now. The list itself when nothing is to be done.
 */
export function settleRow(
  held: readonly CaseRow[],
  live: readonly CaseRow[],
  key: string,
  now: CaseRow | null,
): readonly CaseRow[] {
  const place = now === null ? -1 : live.findIndex((row) => row.key === now.key);
  const row = live[place];
  const left = held.find((candidate) => candidate.key === key);
  if (!left || left === row) return held;
  const others = held.filter((candidate) => candidate !== left);
  if (!row || others.some((other) => other.key === row.key)) return others;
  const same = new Set(others);
  const after = live.slice(place + 1).find((candidate) => same.has(candidate));
  const before = after ? undefined : live.slice(0, place).findLast((candidate) => same.has(candidate));
  return others.toSpliced(after ? others.indexOf(after) : before ? others.indexOf(before) + 1 : others.length, 0, row);
}

/** How many of `rows` are not among `held`: what waits behind the pill. */
export function countNew(held: readonly CaseRow[], rows: readonly CaseRow[]): number {
  if (held === rows) return 0;
  const known = new Set(held.map(({ key }) => key));
  return rows.reduce((count, { key }) => (known.has(key) ? count : count + 1), 0);
}

/** Tells of a row whether it is in the list. Looks through the list once for each row that is asked for. */
export function createListing(rows: readonly CaseRow[]): (row: CaseRow) => boolean {
  const known = new Map<string, boolean>();
  return ({ key }) => {
    let isListed = known.get(key);
    if (isListed === undefined) {
      isListed = rows.some((row) => row.key === key);
      known.set(key, isListed);
    }
    return isListed;
  };
}
