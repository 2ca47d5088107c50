import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLUMN_GAP, layOut } from './layout.ts';

const columns = [
  { header: 'Fall', minWidth: 4, dropOrder: 0 },
  { header: 'Notiz', minWidth: 6, dropOrder: 2 },
  { header: 'Zuletzt', minWidth: 5, dropOrder: 1 },
];
const rows = [['F-10234', 'Rückfrage an das Genomrechenzentrum', '12.05.2025']];

const total = (widths: ReadonlyArray<number | null>) => {
  const kept = widths.filter((width) => width !== null);
  return kept.reduce((sum, width) => sum + width, COLUMN_GAP * (kept.length - 1));
};

describe('the widths of a table', () => {
  it('are what the content needs when there is room', () => {
    expect(layOut(columns, rows, 200)).toEqual([7, 35, 10]);
  });

  it('shrink the widest column first', () => {
    expect(layOut(columns, rows, 40)).toEqual([7, 19, 10]);
  });

  it('leave out columns when even the smallest widths do not fit', () => {
    expect(layOut(columns, rows, 12)).toEqual([5, null, 5]);
    expect(layOut(columns, rows, 8)).toEqual([7, null, null]);
  });

  it('never exceed the room unless nothing more can be left out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.string(), { minLength: 3, maxLength: 3 })),
        fc.integer({ min: 4, max: 200 }),
        (rows, room) => {
          expect(total(layOut(columns, rows, room))).toBeLessThanOrEqual(Math.max(room, 4));
        },
      ),
    );
  });
});
