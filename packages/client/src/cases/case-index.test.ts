import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toClientRecord } from '../store/client-record.ts';
import { createRecordStore } from '../store/record-store.ts';
import type { CaseFilter, CaseQuery } from '../types/cases.ts';
import { CASE_SORT_COLUMNS } from './case-columns.ts';
import { createCaseIndex } from './case-index.ts';
import { recordsOf } from './case-row.ts';
import { createCaseView } from './case-view.ts';

const FILTERS: readonly CaseFilter[] = ['all', 'open', 'incomplete', 'complete', 'valid', 'done', 'without-case'];

/** A segment with the fields that status, order and search depend on; now and then one that cannot be read. */
const ibe = fc
  .record({
    isReadable: fc.boolean(),
    day: fc.integer({ min: 10, max: 12 }),
    counter: fc.integer({ min: 1, max: 3 }),
    typ: fc.constantFrom('0', '1', '3'),
    indikation: fc.constantFrom('R', 'O', 'H'),
    kind: fc.constantFrom('G', 'C'),
    sequencing: fc.constantFrom('0', '1'),
    quality: fc.constantFrom('0', '1'),
  })
  .map(({ isReadable, day, counter, ...of }) => {
    if (!isReadable && counter === 1) return 'IBE';
    const hashString = [
      'A123456789',
      `202411${day}00${counter}`,
      '260320597',
      'GRZDD0004',
      of.typ,
      of.indikation,
      '9',
      '1',
      of.kind,
      of.sequencing,
      of.quality,
    ].join('&');
    return `IBE+A123456789+${hashString}+9+${'a'.repeat(64)}`;
  });

const records = fc
  .array(
    fc.record({
      caseId: fc.constantFrom(null, 'F-1', 'F-2', 'F-10', 'f-1'),
      done: fc.boolean(),
      assignee: fc.constantFrom(null, 'u1', 'u2'),
      note: fc.constantFrom(null, 'Rückfrage', 'eilt sehr'),
      updatedAt: fc.integer({ min: 10, max: 14 }).map((second) => `2026-01-22T10:00:${second}.000000Z`),
      ibe,
    }),
    { maxLength: 14 },
  )
  .map((list) =>
    list.map((record, at) => ({
      ...record,
      id: at + 1,
      version: 1,
      vorgangsnummer: `${at}`.padEnd(64, 'f'),
      updatedBy: 'user:u1',
    })),
  );

const query: fc.Arbitrary<CaseQuery> = fc.record({
  text: fc.constantFrom('', 'f-1', 'rückfrage', 'eilt f-2', 'R 2024-11-10', 'sehr rückfrage', 'nirgends'),
  filter: fc.constantFrom(...FILTERS),
  sort: fc.option(
    fc.record({
      column: fc.constantFrom(...CASE_SORT_COLUMNS),
      direction: fc.constantFrom('asc' as const, 'desc' as const),
    }),
  ),
});

it('an index names the cases that a view shows, in its order, with its totals', () => {
  fc.assert(
    fc.property(records, query, fc.integer({ min: 1, max: 14 }), (list, wanted, pageSize) => {
      const store = createRecordStore(() => undefined);
      store.replace(new Map(list.map((record) => [record.id, toClientRecord(record)])), false, []);
      const view = createCaseView(store, wanted);
      const index = createCaseIndex(wanted);
      for (let from = 0; from < list.length; from += pageSize) index.add(list.slice(from, from + pageSize));
      const { cases, totals } = index.finish();
      const { rows, totals: expected } = view.getSnapshot();
      const named = (caseId: string | null, ids: readonly number[]) =>
        `${caseId} ${[...ids].sort((one, other) => one - other).join()}`;
      expect(cases.map(({ caseId, records: ids }) => named(caseId, ids))).toEqual(
        rows.map((row) =>
          named(
            row.caseId,
            recordsOf(row).map(({ id }) => id),
          ),
        ),
      );
      expect(totals).toEqual(expected);
      view.dispose();
    }),
    { numRuns: 500 },
  );
});
