import type { AppliedChange, CaseRow, ClientRecord, RecordStore, Unsubscribe } from '@meldesync/client';
import { recordsOfRow } from '../facts/case-facts.ts';

/**
 * The cases a person has picked, by row key: filters, sorting and live changes leave them alone (R3.3). Rows are given as
 * they are now, never as they stood in a list that is held.
 */
export interface Selection {
  readonly size: number;
  has(key: string): boolean;
  /** Internal ids of the records of every case, case by case. */
  groups(): readonly (readonly number[])[];
  /** Picks a case or lets go of it; a range then goes from here. */
  toggle(row: CaseRow): void;
  /** Picks all rows from the one toggled last to this one; like `toggle` when that one is not among them. */
  extendTo(row: CaseRow, rows: readonly CaseRow[]): void;
  /** Picks rows, or lets go of them. */
  setAll(rows: readonly CaseRow[], isSelected: boolean): void;
  clear(): void;
  /** Grows with each change: what `useSyncExternalStore` compares. */
  readonly revision: number;
  subscribe(listener: () => void): Unsubscribe;
  /** Keeps up with a store: a case whose last record is deleted or goes elsewhere leaves the selection. */
  follow(store: Pick<RecordStore, 'values' | 'subscribe'>): Unsubscribe;
}

export function createSelection(): Selection {
  const picked = new Map<string, Set<number>>();
  const listeners = new Set<() => void>();
  let anchor: string | null = null;
  let revision = 0;

  const changed = (): void => {
    revision++;
    for (const listener of listeners) listener();
  };
  const pick = (row: CaseRow): void => {
    // Held rows of cases that were put together meanwhile come one by one, each with its own records.
    const ids = picked.get(row.key) ?? new Set();
    for (const { id } of recordsOfRow(row)) ids.add(id);
    picked.set(row.key, ids);
  };

  /** Whether the batch changed what is picked. */
  const apply = (changes: readonly AppliedChange[]): boolean => {
    let isTouched = false;
    const emptied = new Set<string>();
    for (const { before, after } of changes) {
      const from = before && keyOf(before);
      const to = after && keyOf(after);
      if (from === to) continue;
      if (before && from !== undefined && picked.get(from)?.delete(before.id)) {
        emptied.add(from);
        isTouched = true;
      }
      const joined = to === undefined ? undefined : picked.get(to);
      if (after && joined) {
        joined.add(after.id);
        isTouched = true;
      }
    }
    for (const key of emptied) if (picked.get(key)?.size === 0) picked.delete(key);
    return isTouched;
  };

  const readAnew = (store: Pick<RecordStore, 'values'>): void => {
    for (const ids of picked.values()) ids.clear();
    for (const record of store.values()) picked.get(keyOf(record))?.add(record.id);
    for (const [key, ids] of picked) if (ids.size === 0) picked.delete(key);
  };

  const toggle = (row: CaseRow): void => {
    if (!picked.delete(row.key)) pick(row);
    anchor = row.key;
    changed();
  };

  return {
    get size() {
      return picked.size;
    },
    get revision() {
      return revision;
    },
    has: (key) => picked.has(key),
    groups: () => [...picked.values()].map((ids) => [...ids]),
    toggle,
    extendTo(row, rows) {
      const from = rows.findIndex(({ key }) => key === anchor);
      const to = rows.findIndex(({ key }) => key === row.key);
      if (from < 0 || to < 0) {
        toggle(row);
        return;
      }
      for (const between of rows.slice(Math.min(from, to), Math.max(from, to) + 1)) pick(between);
      changed();
    },
    setAll(rows, isSelected) {
      for (const row of rows) {
        if (isSelected) pick(row);
        else picked.delete(row.key);
      }
      changed();
    },
    clear() {
      if (picked.size === 0) return;
      picked.clear();
      anchor = null;
      changed();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    follow(store) {
      return store.subscribe((changes) => {
        if (picked.size === 0) return;
        if (changes.length === 0) readAnew(store);
        else if (!apply(changes)) return;
        changed();
      });
    },
  };
}

/** The key of the row a record stands in, as the SDK's list makes it. */
function keyOf({ id, caseId }: ClientRecord): string {
  return caseId === null ? `record:${id}` : `case:${caseId}`;
}
