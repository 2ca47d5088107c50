import { describe, expect, it } from 'vitest';
import { endOf, type RetentionPolicy } from './policy.ts';

const keeps = (count: number, unit: 'days' | 'months'): RetentionPolicy => ({
  operations: { count, unit },
  'import-rows': null,
  conflicts: null,
  events: null,
  changes: null,
});

describe('how long something is kept', () => {
  it.each([
    [30, 'days', '2026-03-10T12:00:00.000Z', '2026-02-08T12:00:00.000Z'],
    [1, 'months', '2026-03-31T12:00:00.000Z', '2026-02-28T12:00:00.000Z'],
    [48, 'months', '2026-11-30T16:00:00.000Z', '2022-11-30T16:00:00.000Z'],
    [120, 'months', '2028-02-29T00:00:00.000Z', '2018-02-28T00:00:00.000Z'],
  ] as const)('%i %s before %s is %s', (count, unit, now, end) => {
    expect(endOf(keeps(count, unit), 'operations', new Date(now))?.toISOString()).toBe(end);
  });

  it('is for good where nothing is said', () => {
    expect(endOf(keeps(30, 'days'), 'events', new Date())).toBeUndefined();
  });
});
