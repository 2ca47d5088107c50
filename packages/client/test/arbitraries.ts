import { CONFLICTING_FIELDS, descriptorOf, type FieldKind, type FieldValue } from '@meldesync/domain';
import type { ChangedFields } from '@meldesync/protocol';
import fc from 'fast-check';
import { CASE_SORT_COLUMNS } from '../src/cases/case-columns.ts';
import type { CaseQuery } from '../src/types/cases.ts';
import type { Intent } from './reference-feed.ts';
import { segment } from './segments.ts';

const caseId = fc.option(fc.constantFrom('F-1', 'F-2', 'F-10', 'F-07', 'Ä-3', 'x'));
const art = fc.constantFrom('C' as const, 'G' as const);
const ibe = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      art,
      typ: fc.constantFrom(0 as const, 1 as const),
      qc: fc.constantFrom(0 as const, 1 as const),
      day: fc.integer({ min: 1, max: 28 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant(null) },
);

const VALUES: Readonly<Record<FieldKind, fc.Arbitrary<FieldValue>>> = {
  identity: fc.constant('a'.repeat(64)),
  segment: ibe.map((fields) => (fields ? segment(fields) : 'unreadable')),
  case: caseId,
  flag: fc.boolean(),
  person: fc.option(fc.constantFrom('u1', 'u2')),
  text: fc.option(fc.constantFrom('Rückfrage', 'straße', 'ok')),
};

/** Fields a change sets; the segment too, which only happens past the application. */
export const changedFields: fc.Arbitrary<ChangedFields> = fc.record(
  Object.fromEntries(CONFLICTING_FIELDS.map((field) => [field, VALUES[descriptorOf(field).kind]])),
  { requiredKeys: [] },
);

const intent: fc.Arbitrary<Intent> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ op: fc.constant('insert' as const), caseId, art, day: fc.integer({ min: 1, max: 28 }) }),
  },
  { weight: 4, arbitrary: fc.record({ op: fc.constant('update' as const), pick: fc.nat(99), set: changedFields }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('delete' as const), pick: fc.nat(99) }) },
);

/** One transaction of a person. */
export const transaction = fc.array(intent, { minLength: 1, maxLength: 4 });

/** One transaction of an import: enough changes at once to take the way for many. */
export const importTransaction = fc.array(intent, { minLength: 70, maxLength: 90 });

export const caseQuery: fc.Arbitrary<CaseQuery> = fc.record({
  text: fc.constantFrom('', '', '', 'f-', 'ruckfrage', 'STRASSE', 'genomisch bestanden', '22.01.2026', 'f-1 klinisch'),
  filter: fc.constantFrom('all', 'all', 'open', 'incomplete', 'complete', 'valid', 'done', 'without-case'),
  sort: fc.option(
    fc.record({
      column: fc.constantFrom(...CASE_SORT_COLUMNS),
      direction: fc.constantFrom('asc', 'desc'),
    }),
  ),
});
