import type { AppliedChange, CaseRow, ClientRecord, RecordStore } from '@meldesync/client';
import { groupRecords } from '../../../sync/live-cases.ts';
import { recordsOfRow } from '../facts/case-facts.ts';

/**
 * Rows whose order stands still while someone works in them. Their content stays live: `read` gives a row as it is now,
 * although it may long belong elsewhere in the list.
 */
export interface HeldRows {
  /** The row as it is now; itself when nothing about it changed. Null when its records are gone. */
  read(row: CaseRow): CaseRow | null;
  /** Notes what a batch of changes touched. */
  touch(changes: readonly AppliedChange[]): void;
}

/** Makes the reader for a list of rows that is kept; another one gets its own. */
export function createHeldRows(store: Pick<RecordStore, 'get' | 'values'>): HeldRows {
  const touched = new Set<string>();
  /** The records of cases that were touched, until their row is read. */
  const found = new Map<string, ClientRecord[]>();
  const revised = new Map<string, { readonly records: readonly ClientRecord[]; readonly row: CaseRow }>();

  /** Goes through the store once for all cases that were touched: a range may read thousands of rows. */
  const lookUp = (): void => {
    if (touched.size === 0) return;
    for (const caseId of touched) found.set(caseId, []);
    for (const record of store.values()) {
      if (record.caseId !== null && touched.has(record.caseId)) found.get(record.caseId)?.push(record);
    }
    touched.clear();
  };

  const recordsNow = (row: CaseRow, ofCase: readonly ClientRecord[] = []): readonly ClientRecord[] => {
    if (ofCase.length > 0) return ofCase;
    // A case whose records all went elsewhere is followed there, so that it does not vanish under someone's hands.
    return recordsOfRow(row).flatMap(({ id }) => store.get(id) ?? []);
  };

  return {
    read(row) {
      const known = revised.get(row.key) ?? { records: recordsOfRow(row), row };
      if (row.caseId !== null && touched.has(row.caseId)) lookUp();
      const ofCase = row.caseId === null ? undefined : found.get(row.caseId);
      if (!ofCase && known.records.every((record) => store.get(record.id) === record)) return known.row;
      if (row.caseId !== null) found.delete(row.caseId);
      const records = recordsNow(row, ofCase);
      const [now] = groupRecords(records);
      if (!now) return null;
      revised.set(row.key, { records, row: now });
      return now;
    },
    touch(changes) {
      for (const { before, after } of changes) {
        if (before?.caseId) touched.add(before.caseId);
        if (after?.caseId) touched.add(after.caseId);
      }
    },
  };
}

/** Held rows as they are now, without those whose records are gone: what stands on the screen. */
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
