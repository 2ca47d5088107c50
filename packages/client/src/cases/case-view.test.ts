import { compareCaseIds, workingOrderGroup } from '@meldesync/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { caseQuery, importTransaction, transaction } from '../../test/arbitraries.ts';
import { createReferenceFeed, type Intent } from '../../test/reference-feed.ts';
import { segment } from '../../test/segments.ts';
import { createFeed } from '../feed/feed.ts';
import { createRecordStore } from '../store/record-store.ts';
import type { CaseQuery, CaseRow, CaseView } from '../types/cases.ts';
import type { ClientRecord } from '../types/records.ts';
import { createCaseView } from './case-view.ts';

const EVERYTHING: CaseQuery = { text: '', filter: 'all', sort: null };

/** A workspace whose committed changes go to the store as frames; `reload` takes a snapshot instead. */
function setUp() {
  const model = createReferenceFeed();
  const store = createRecordStore((error) => {
    throw error;
  });
  const feed = createFeed({ store, runtime: { now: () => 0 }, isOwn: () => false, onSnapshot: () => {} });
  const reload = (): void => {
    model.publish();
    const { cursor, records } = model.page(0, 10_000);
    const snapshot = feed.openSnapshot();
    snapshot.addPage(records);
    snapshot.finish(cursor);
  };
  reload();
  return {
    store,
    reload,
    commit: (...intents: Intent[]): void => {
      model.commit(intents);
      model.publish();
      const frames = model.after(feed.cursor ?? '');
      if (typeof frames !== 'string') feed.receive(frames);
    },
    commitUnseen: (...intents: Intent[]): void => {
      model.commit(intents);
      model.publish();
      feed.reset('too-old');
    },
  };
}

const insert = (caseId: string | null, art: 'C' | 'G' = 'G', day = 1): Intent => ({ op: 'insert', caseId, art, day });
const update = (pick: number, set: Extract<Intent, { op: 'update' }>['set']): Intent => ({ op: 'update', pick, set });
const keys = (view: CaseView): string[] => view.getSnapshot().rows.map((row) => row.key);
const recordsOf = (row: CaseRow): readonly ClientRecord[] => [...row.genomic, ...row.clinical, ...row.unreadable];

/** A row without what the view keeps in it for itself. */
function plain({ key, caseId, genomic, clinical, unreadable, status, latest }: CaseRow): CaseRow {
  return { key, caseId, genomic, clinical, unreadable, status, latest };
}

describe('case view', () => {
  it('puts the records of a case side by side, newest first', () => {
    const { store, commit } = setUp();
    const view = createCaseView(store, EVERYTHING);
    commit(insert('F-1', 'G', 3), insert('F-1', 'C'), insert('F-1', 'G', 9));
    const [row] = view.getSnapshot().rows;
    expect(row?.genomic.map((record) => record.id)).toEqual([3, 1]);
    expect(row?.clinical.map((record) => record.id)).toEqual([2]);
    expect(row?.status).toMatchObject({ completeness: 'complete', valid: true, done: false });
  });

  it('keeps its rows when a change of a record changes nothing that is shown', () => {
    const { store, commit } = setUp();
    commit(insert('F-1'));
    const shown = store.get(1);
    if (!shown) throw new Error('The record must be there.');
    const listeners: Parameters<typeof store.subscribe>[0][] = [];
    const subscribe: typeof store.subscribe = (listener) => {
      listeners.push(listener);
      return () => undefined;
    };
    const view = createCaseView({ ...store, subscribe }, EVERYTHING);
    const before = view.getSnapshot();
    const at = { by: 'user:a', via: 'web' as const, at: 'x' };
    const change = { record: 1, version: 1, op: 'update' as const, set: {}, ...at };
    listeners[0]?.([{ change, before: shown, after: shown, own: true }]);
    expect(view.getSnapshot()).toBe(before);
  });

  it('orders by complete and not done, incomplete, done; then by case id; without a case id at the end', () => {
    const { store, commit } = setUp();
    const view = createCaseView(store, EVERYTHING);
    commit(insert(null, 'G'), insert('F-10', 'G'), insert('F-9', 'G'), insert('F-2', 'G'), insert('F-2', 'C'));
    commit(insert('F-1', 'G'), insert('F-1', 'C'), update(5, { done: true }), update(6, { done: true }));
    expect(keys(view)).toEqual(['case:F-2', 'case:F-9', 'case:F-10', 'case:F-1', 'record:1']);
  });

  it('gives every record without a case id a row of its own', () => {
    const { store, commit } = setUp();
    const view = createCaseView(store, EVERYTHING);
    commit(insert(null), insert(null));
    expect(keys(view)).toEqual(['record:1', 'record:2']);
    commit(update(0, { caseId: 'F-1' }), update(1, { caseId: 'F-1' }));
    expect(keys(view)).toEqual(['case:F-1']);
    commit(update(0, { caseId: null }));
    expect(keys(view)).toEqual(['case:F-1', 'record:1']);
  });

  it('counts what the text and the filter show', () => {
    const { store, commit } = setUp();
    const view = createCaseView(store, EVERYTHING);
    commit(insert('F-1', 'G'), insert('F-1', 'C'), insert('F-2', 'G'), insert(null, 'C'));
    expect(view.getSnapshot().totals).toEqual({
      cases: 2,
      complete: 1,
      valid: 1,
      done: 0,
      withoutCase: 1,
      records: 4,
    });
    view.setQuery({ ...EVERYTHING, filter: 'incomplete' });
    expect(view.getSnapshot().totals).toMatchObject({ cases: 1, complete: 0, withoutCase: 1, records: 2 });
  });

  it('finds words in any field, without regard to case, accents and ß', () => {
    const { store, commit } = setUp();
    commit(insert('F-1', 'G', 22), insert('F-2', 'C'));
    commit(update(0, { note: 'Rückfrage an Straße' }));
    const found = (text: string): string[] => {
      const view = createCaseView(store, { ...EVERYTHING, text });
      view.dispose();
      return keys(view);
    };
    for (const text of ['ruckfrage', 'STRASSE', 'genomisch', '22.01.2026', '2026-01-22', ' f-1  an ']) {
      expect([text, found(text)]).toEqual([text, ['case:F-1']]);
    }
    expect(found('1n4i391ihs')).toEqual(['case:F-1', 'case:F-2']);
    expect(found('0'.repeat(63) + '2')).toEqual(['case:F-2']);
    expect(found('genomisch ruckfrage f-2')).toEqual([]);
  });

  it('shows a case without any readable record as incomplete and finds it', () => {
    const { store, commit } = setUp();
    commit(insert('F-1', 'G'));
    commit(update(0, { ibe: 'IBE+kaputt' }));
    const view = createCaseView(store, { ...EVERYTHING, text: 'kaputt', filter: 'incomplete' });
    expect(view.getSnapshot().rows.map((row) => row.unreadable.length)).toEqual([1]);
  });

  it('keeps entries without a value in the sorted column at the end in both directions', () => {
    const { store, commit } = setUp();
    commit(insert('F-1'), insert('F-2'), insert('F-3'));
    commit(update(0, { note: 'b' }), update(2, { note: 'A' }));
    const view = createCaseView(store, { ...EVERYTHING, sort: { column: 'note', direction: 'asc' } });
    expect(keys(view)).toEqual(['case:F-3', 'case:F-1', 'case:F-2']);
    view.setQuery({ ...EVERYTHING, sort: { column: 'note', direction: 'desc' } });
    expect(keys(view)).toEqual(['case:F-1', 'case:F-3', 'case:F-2']);
  });

  it('gives the same snapshot until something it shows changes', () => {
    const { store, commit } = setUp();
    commit(insert('F-1', 'G'), insert('F-2', 'C'));
    const view = createCaseView(store, { ...EVERYTHING, text: 'F-1' });
    let calls = 0;
    view.subscribe(() => calls++);
    const before = view.getSnapshot();
    commit(update(1, { note: 'x' }));
    view.setQuery({ ...EVERYTHING, text: 'F-1' });
    expect(view.getSnapshot()).toBe(before);
    expect(calls).toBe(0);
    commit(update(0, { note: 'x' }));
    expect(calls).toBe(1);
    expect(view.getSnapshot()).not.toBe(before);
  });

  it('R3.3 keeps the row objects of cases that did not change, also through a reload', () => {
    const { store, commit, reload, commitUnseen } = setUp();
    commit(insert('F-1'), insert('F-2'));
    const view = createCaseView(store, EVERYTHING);
    const [first, second] = view.getSnapshot().rows;
    commit(update(1, { note: 'x' }));
    expect(view.getSnapshot().rows[0]).toBe(first);
    expect(view.getSnapshot().rows[1]).not.toBe(second);
    const changed = view.getSnapshot().rows[1];
    commitUnseen(update(0, { note: 'y' }));
    reload();
    expect(view.getSnapshot().rows[0]).not.toBe(first);
    expect(view.getSnapshot().rows[1]).toBe(changed);
  });

  it('hears nothing after dispose', () => {
    const { store, commit } = setUp();
    const view = createCaseView(store, EVERYTHING);
    view.dispose();
    commit(insert('F-1'));
    expect(keys(view)).toEqual([]);
  });
});

describe('case view against one built from scratch', () => {
  it('R3.2 R3.3 is the same after any changes, reloads and queries', () => {
    const step = fc.oneof(
      { weight: 10, arbitrary: transaction.map((intents) => ({ do: 'commit' as const, intents })) },
      { weight: 1, arbitrary: importTransaction.map((intents) => ({ do: 'commit' as const, intents })) },
      { weight: 2, arbitrary: transaction.map((intents) => ({ do: 'reload' as const, intents })) },
      { weight: 3, arbitrary: caseQuery.map((query) => ({ do: 'query' as const, query })) },
    );
    fc.assert(
      fc.property(caseQuery, fc.array(step, { maxLength: 25, size: 'max' }), (initial, steps) => {
        const { store, commit, commitUnseen, reload } = setUp();
        let query = initial;
        const view = createCaseView(store, query);
        let isTold = true;
        let last = view.getSnapshot();
        view.subscribe(() => {
          isTold = true;
        });
        for (const action of steps) {
          isTold = false;
          if (action.do === 'query') {
            query = action.query;
            view.setQuery(query);
          } else if (action.do === 'commit') {
            commit(...action.intents);
          } else {
            commitUnseen(...action.intents);
            reload();
          }
          const snapshot = view.getSnapshot();
          expect(snapshot === last).toBe(!isTold);
          last = snapshot;
          const scratch = createCaseView(store, query);
          expect(snapshot.rows.map(plain)).toEqual(scratch.getSnapshot().rows.map(plain));
          expect(snapshot.totals).toEqual(scratch.getSnapshot().totals);
          scratch.dispose();
        }
      }),
      { numRuns: 150 },
    );
  });

  it('holds every record once, groups it rightly and orders by the working order', () => {
    fc.assert(
      fc.property(fc.array(transaction, { maxLength: 30, size: 'max' }), (transactions) => {
        const { store, commit } = setUp();
        const view = createCaseView(store, EVERYTHING);
        for (const intents of transactions) commit(...intents);
        const { rows } = view.getSnapshot();
        const seen = rows.flatMap((row) => recordsOf(row));
        expect(new Set(seen)).toEqual(new Set(store.values()));
        expect(seen.length).toBe(store.size);
        for (const row of rows) {
          expect(recordsOf(row).every((record) => record.caseId === row.caseId)).toBe(true);
          if (row.caseId === null) expect(recordsOf(row)).toHaveLength(1);
        }
        rows.slice(1).forEach((row, i) => {
          const before = rows[i];
          if (!before || row.caseId === null) return;
          const groups = workingOrderGroup(before.status) - workingOrderGroup(row.status);
          expect(groups || compareCaseIds(before.caseId ?? '', row.caseId)).toBeLessThan(0);
        });
      }),
      { numRuns: 100 },
    );
  });
});

describe('segments of the tests', () => {
  it('can be read', () => {
    const { store, commit } = setUp();
    commit(insert('F-1', 'C'), update(0, { ibe: segment({ art: 'G', typ: 3, qc: 0 }) }));
    expect(store.get(1)?.mb).toMatchObject({ artDerDaten: 'G', typ: 3, qualitaetskontrolle: 0 });
  });
});
