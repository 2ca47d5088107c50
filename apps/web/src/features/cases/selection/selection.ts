import type { CaseRow, RecordStore, Unsubscribe } from '@meldesync/client';
import { followChanges, type PickedCases, pickCase, readAnew } from './picked-cases.ts';

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
  const picked: PickedCases = new Map();
  const listeners = new Set<() => void>();
  let anchor: string | null = null;
  let revision = 0;

  const changed = (): void => {
    revision++;
    for (const listener of listeners) listener();
  };
  const toggle = (row: CaseRow): void => {
    if (!picked.delete(row.key)) pickCase(picked, row);
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
      for (const between of rows.slice(Math.min(from, to), Math.max(from, to) + 1)) pickCase(picked, between);
      changed();
    },
    setAll(rows, isSelected) {
      for (const row of rows) {
        if (isSelected) pickCase(picked, row);
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
        if (changes.length === 0) readAnew(picked, store);
        else if (!followChanges(picked, changes)) return;
        changed();
      });
    },
  };
}
