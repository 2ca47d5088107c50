import type { PresenceSnapshot } from '@meldesync/client';
import { describe, expect, it } from 'vitest';
import { createAttendance } from './attendance.ts';

const person = (user: string, ...records: number[]) => ({ user, records, kinds: ['web' as const] });

describe('who has which record open', () => {
  it('follows the people, and keeps the list of a record for which nothing changed', () => {
    let snapshot: PresenceSnapshot = { people: [person('anna', 1, 2), person('ben', 2), person('cem')], total: 3 };
    const attendance = createAttendance({ getSnapshot: () => snapshot });
    expect(attendance.of(1)).toEqual(['anna']);
    expect(attendance.of(2)).toEqual(['anna', 'ben']);
    expect(attendance.of(3)).toEqual([]);
    const before = attendance.of(2);
    snapshot = { people: [person('anna', 2), person('ben', 2)], total: 2 };
    expect(attendance.of(1)).toEqual([]);
    expect(attendance.of(2)).toBe(before);
  });
});
