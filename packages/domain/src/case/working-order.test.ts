import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareCaseIds } from './case-id-order.ts';
import type { CaseStatus } from './case-status.ts';
import { compareWorkingOrder, type WorkingOrderKey, workingOrderGroup } from './working-order.ts';

const caseIds = fc.oneof(
  fc.string({ unit: fc.constantFrom(...Array.from('aAäÄ\u0308ß09F-._ é')), maxLength: 6 }),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
);

function expectTotalOrder<Value>(compare: (a: Value, b: Value) => number, a: Value, b: Value, c: Value): void {
  const [first, second, third] = [a, b, c].sort(compare);
  if (first === undefined || second === undefined || third === undefined) throw new Error('three in, three out');
  expect(compare(first, second)).toBeLessThanOrEqual(0);
  expect(compare(second, third)).toBeLessThanOrEqual(0);
  expect(compare(first, third)).toBeLessThanOrEqual(0);
  expect(Math.sign(compare(third, first))).toBe(-Math.sign(compare(first, third)) + 0);
}

describe('compareCaseIds', () => {
  it.each([
    [
      ['F-10', 'F-9', 'F-100', 'f-9'],
      ['F-9', 'f-9', 'F-10', 'F-100'],
    ],
    [
      ['F-7', 'F-07', 'F-8', 'F-007'],
      ['F-007', 'F-07', 'F-7', 'F-8'],
    ],
    [
      ['2024/12/1', '2024/2/10', '2024/2/9'],
      ['2024/2/9', '2024/2/10', '2024/12/1'],
    ],
    [
      ['Ö1', 'P1', 'O2', 'Straße', 'strasse2'],
      ['Ö1', 'O2', 'P1', 'Straße', 'strasse2'],
    ],
    [
      ['123456789012345678901', '123456789012345678900', '99'],
      ['99', '123456789012345678900', '123456789012345678901'],
    ],
    [
      ['A', '', 'AB', '1'],
      ['', '1', 'A', 'AB'],
    ],
  ])('sorts %j', (unsorted, sorted) => {
    expect(unsorted.toSorted(compareCaseIds)).toEqual(sorted);
  });

  it('is a total order', () => {
    fc.assert(
      fc.property(caseIds, caseIds, caseIds, (a, b, c) => {
        expectTotalOrder(compareCaseIds, a, b, c);
        expect(compareCaseIds(a, b) === 0).toBe(a === b);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('workingOrderGroup', () => {
  const status: CaseStatus = { completeness: 'complete', valid: false, done: false, mayBeDone: true };

  it('puts complete cases first, then incomplete ones, then those that are done', () => {
    expect(workingOrderGroup(status)).toBe(0);
    expect(workingOrderGroup({ ...status, completeness: 'clinical-only' })).toBe(1);
    expect(workingOrderGroup({ ...status, completeness: 'genomic-only' })).toBe(1);
    expect(workingOrderGroup({ ...status, done: true })).toBe(2);
    expect(workingOrderGroup({ ...status, completeness: 'clinical-only', done: true })).toBe(2);
  });
});

describe('compareWorkingOrder', () => {
  it('sorts by group, case id, G before C, and then by id; without case id last in the group', () => {
    const sorted: WorkingOrderKey[] = [
      { group: 0, caseId: 'F-9', artDerDaten: 'G', id: 4 },
      { group: 0, caseId: 'F-9', artDerDaten: 'C', id: 3 },
      { group: 0, caseId: 'F-10', artDerDaten: 'C', id: 1 },
      { group: 0, caseId: 'F-10', artDerDaten: 'C', id: 2 },
      { group: 0, caseId: null, artDerDaten: 'C', id: 0 },
      { group: 1, caseId: 'A', artDerDaten: 'C', id: 7 },
      { group: 1, caseId: null, artDerDaten: 'G', id: 9 },
      { group: 1, caseId: null, artDerDaten: 'C', id: 8 },
      { group: 2, caseId: 'A', artDerDaten: 'G', id: 5 },
    ];

    expect(sorted.toReversed().sort(compareWorkingOrder)).toEqual(sorted);
  });

  it('orders whole cases, too', () => {
    expect(compareWorkingOrder({ group: 0, caseId: 'F-2' }, { group: 0, caseId: 'F-10' })).toBeLessThan(0);
    expect(compareWorkingOrder({ group: 0, caseId: 'F-2' }, { group: 0, caseId: 'F-2' })).toBe(0);
  });

  it('is a total order', () => {
    const key: fc.Arbitrary<WorkingOrderKey> = fc.record({
      group: fc.constantFrom<(0 | 1 | 2)[]>(0, 1, 2),
      caseId: fc.option(caseIds),
      artDerDaten: fc.constantFrom<('C' | 'G')[]>('C', 'G'),
      id: fc.nat({ max: 3 }),
    });
    fc.assert(fc.property(key, key, key, (a, b, c) => expectTotalOrder(compareWorkingOrder, a, b, c)));
  });
});
