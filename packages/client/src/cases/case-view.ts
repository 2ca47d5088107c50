import { createEmitter } from '../events/emitter.ts';
import { throwAside } from '../events/throw-aside.ts';
import type { CaseQuery, CaseView, CaseViewSnapshot } from '../types/cases.ts';
import type { AppliedChange, ClientRecord, RecordStore } from '../types/records.ts';
import { compareFor, sortValueOf } from './case-order.ts';
import { type CaseEntry, makeCaseEntry, recordsOf } from './case-row.ts';
import { matcherFor } from './case-search.ts';
import { createTotalsCounter } from './case-totals.ts';
import { createSortedList } from './sorted-list.ts';

/** What records are grouped by: the case id, or the id of a record that has none. */
type GroupKey = string | number;

/**
 * Makes a view of a store, kept current until `dispose`. Long because its methods share what they close over; none of them is.
 */
export function createCaseView(store: RecordStore, initialQuery: CaseQuery): CaseView {
  const entries = new Map<GroupKey, CaseEntry>();
  let query = initialQuery;
  let matches = matcherFor(query);
  /** All entries in the order of the query, so that another text or filter needs no sorting. */
  const ordered = createSortedList<CaseEntry>(compareFor(query.sort));
  const shown = createSortedList<CaseEntry>(compareFor(query.sort));
  const totals = createTotalsCounter();
  let snapshot: CaseViewSnapshot | null = null;
  const emitter = createEmitter<void>(throwAside);

  const changed = (): void => {
    snapshot = null;
    emitter.emit();
  };

  const makeEntry = (caseId: string | null, records: readonly ClientRecord[]): CaseEntry => {
    const entry = makeCaseEntry(caseId, records);
    entry.sortValue = sortValueOf(entry, query.sort);
    entry.isShown = matches(entry);
    return entry;
  };

  /** Filters all entries anew; `ordered` must be in order. */
  const refilter = (): void => {
    totals.reset();
    const visible = ordered.share().filter((entry) => {
      entry.isShown = matches(entry);
      if (entry.isShown) totals.add(entry);
      return entry.isShown;
    });
    shown.reset(visible, compareFor(query.sort), true);
  };

  /** Reads the whole store; entries whose records are the same objects are kept. */
  const rebuild = (): void => {
    const groups = new Map<GroupKey, ClientRecord[]>();
    for (const record of store.values()) {
      const key = groupOf(record);
      const group = groups.get(key);
      if (group) group.push(record);
      else groups.set(key, [record]);
    }
    for (const key of entries.keys()) if (!groups.has(key)) entries.delete(key);
    for (const [key, records] of groups) {
      const known = entries.get(key);
      if (!known || !holds(known, records)) entries.set(key, makeEntry(records[0]?.caseId ?? null, records));
    }
    ordered.reset([...entries.values()], compareFor(query.sort), false);
    refilter();
  };

  const apply = (changes: readonly AppliedChange[]): void => {
    const removed: CaseEntry[] = [];
    const added: CaseEntry[] = [];
    for (const [key, records] of draftGroups(changes, entries)) {
      const before = entries.get(key);
      if (before) removed.push(before);
      const first = records.values().next().value;
      if (first) {
        const after = makeEntry(first.caseId, [...records.values()]);
        entries.set(key, after);
        added.push(after);
      } else {
        entries.delete(key);
      }
    }
    ordered.exchange(removed, added);
    const hidden = removed.filter((entry) => entry.isShown);
    const revealed = added.filter((entry) => entry.isShown);
    if (hidden.length + revealed.length === 0) return;
    shown.exchange(hidden, revealed);
    for (const entry of hidden) totals.remove(entry);
    for (const entry of revealed) totals.add(entry);
    changed();
  };

  const unsubscribe = store.subscribe((changes) => {
    if (changes.length > 0) {
      apply(changes);
      return;
    }
    rebuild();
    changed();
  });
  rebuild();

  return {
    getSnapshot() {
      snapshot ??= { rows: shown.share(), totals: totals.read() };
      return snapshot;
    },
    subscribe: (listener) => emitter.subscribe(listener),
    setQuery(next) {
      const isSameOrder = next.sort?.column === query.sort?.column && next.sort?.direction === query.sort?.direction;
      if (isSameOrder && next.text === query.text && next.filter === query.filter) return;
      query = next;
      matches = matcherFor(next);
      if (!isSameOrder) {
        for (const entry of entries.values()) entry.sortValue = sortValueOf(entry, next.sort);
        ordered.reset([...entries.values()], compareFor(next.sort), false);
      }
      refilter();
      changed();
    },
    dispose: unsubscribe,
  };
}

function groupOf(record: ClientRecord): GroupKey {
  return record.caseId ?? record.id;
}

function holds(entry: CaseEntry, records: readonly ClientRecord[]): boolean {
  const held = new Set(recordsOf(entry));
  return held.size === records.length && records.every((record) => held.has(record));
}

/** The records of every group a batch touches, as they are after it. */
function draftGroups(
  changes: readonly AppliedChange[],
  entries: ReadonlyMap<GroupKey, CaseEntry>,
): Map<GroupKey, Map<number, ClientRecord>> {
  const drafts = new Map<GroupKey, Map<number, ClientRecord>>();
  const draftOf = (key: GroupKey): Map<number, ClientRecord> => {
    let draft = drafts.get(key);
    if (!draft) {
      const entry = entries.get(key);
      draft = new Map(entry ? recordsOf(entry).map((record) => [record.id, record]) : []);
      drafts.set(key, draft);
    }
    return draft;
  };
  for (const { before, after } of changes) {
    if (before === after) continue;
    if (before) draftOf(groupOf(before)).delete(before.id);
    if (after) draftOf(groupOf(after)).set(after.id, after);
  }
  return drafts;
}
