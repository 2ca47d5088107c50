import {
  type CaseQuery,
  type CaseRow,
  type CaseTotals,
  type ClientRecord,
  createCaseView,
  type RecordStore,
} from '@meldesync/client';

/** What the list shows, with the query it answers. */
export interface CasesSnapshot {
  readonly rows: readonly CaseRow[];
  readonly totals: CaseTotals;
  readonly query: CaseQuery;
}

/** The list of cases of a workspace. It lives as long as the connection, so that coming back to the page costs nothing. */
export interface LiveCases {
  /** The same object until something changed. */
  getSnapshot(): CasesSnapshot;
  /** Calls back once a frame at most, however many changes arrive. */
  subscribe(listener: () => void): () => void;
  setQuery(query: CaseQuery): void;
  dispose(): void;
}

const EVERYTHING: CaseQuery = { text: '', filter: 'all', sort: null };

/** Makes the list of a store. */
export function createLiveCases(store: RecordStore): LiveCases {
  const view = createCaseView(store, EVERYTHING);
  let query = EVERYTHING;
  let read = view.getSnapshot();
  let snapshot: CasesSnapshot = { ...read, query };
  return {
    getSnapshot() {
      const current = view.getSnapshot();
      if (current !== read || snapshot.query !== query) {
        read = current;
        snapshot = { ...current, query };
      }
      return snapshot;
    },
    subscribe(listener) {
      let frame = 0;
      const unsubscribe = view.subscribe(() => {
        frame ||= requestAnimationFrame(() => {
          frame = 0;
          listener();
        });
      });
      return () => {
        cancelAnimationFrame(frame);
        unsubscribe();
      };
    },
    setQuery(next) {
      query = next;
      view.setQuery(next);
    },
    dispose: () => view.dispose(),
  };
}

/** Groups records into cases the way the list does, the list's order included. */
export function groupRecords(records: readonly ClientRecord[]): readonly CaseRow[] {
  const frozen: RecordStore = {
    size: records.length,
    get: (id) => records.find((record) => record.id === id),
    values: () => records.values(),
    subscribe: () => () => undefined,
  };
  const view = createCaseView(frozen, EVERYTHING);
  const { rows } = view.getSnapshot();
  view.dispose();
  return rows;
}
