import type { AuditEntry } from '@meldesync/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineFrom, linesOf } from './audit-lines.ts';

const entry = (id: number, at: Date): AuditEntry => ({
  key: `event:${id}`,
  at: at.toISOString(),
  kind: 'sign-in',
  actor: 'user:anna',
  actorName: 'Anna',
  via: null,
  address: null,
  session: null,
  workspace: null,
  record: null,
  version: null,
  caseId: null,
  subject: null,
  subjectName: null,
  operation: null,
  import: null,
  before: null,
  after: null,
  seal: null,
  isErased: false,
});

const THREE = [
  entry(3, new Date(2026, 10, 30, 9)),
  entry(2, new Date(2026, 10, 30, 8)),
  entry(1, new Date(2026, 10, 29, 23, 59)),
];

describe('the lines of the trail', () => {
  it('have a heading for each day', () => {
    expect(linesOf(THREE).map((line) => (line.kind === 'day' ? line.day : line.key))).toEqual([
      '2026-11-30',
      'event:3',
      'event:2',
      '2026-11-29',
      'event:1',
    ]);
    expect(linesOf([])).toEqual([]);
  });

  it('keys go over headings, and stay at the ends', () => {
    const lines = linesOf(THREE);
    expect(lineFrom(lines, 2, 1)).toBe(4);
    expect(lineFrom(lines, 4, -1)).toBe(2);
    expect(lineFrom(lines, 1, -1)).toBe(1);
    expect(lineFrom(lines, 4, 1)).toBe(4);
    expect(lineFrom(lines, 4, Number.NEGATIVE_INFINITY)).toBe(1);
  });

  it('keys always lead to an entry', () => {
    const days = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(days, fc.nat(), fc.integer({ min: -30, max: 30 }), (dayOf, from, step) => {
        const entries = dayOf
          .toSorted((one, other) => one - other)
          .map((day, index) => entry(index + 1, new Date(2026, 10, 30 - day, 12)));
        const lines = linesOf(entries);
        const places = lines.flatMap(({ kind }, line) => (kind === 'entry' ? [line] : []));
        const goal = lineFrom(lines, places[from % places.length] ?? 1, step);
        expect(lines[goal]?.kind).toBe('entry');
      }),
    );
  });
});
