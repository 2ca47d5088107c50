import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCalendarDate } from './calendar-date.ts';

describe('readCalendarDate', () => {
  it.each([
    ['20240229', '2024-02-29'],
    ['20000229', '2000-02-29'],
    ['20251231', '2025-12-31'],
    ['00010101', '0001-01-01'],
  ])('reads %s', (digits, date) => {
    expect(readCalendarDate(digits)).toBe(date);
  });

  it.each(['20230229', '19000229', '20240431', '20241301', '20240001', '20240100', '20240132', '00000101'])(
    'knows that %s does not exist',
    (digits) => {
      expect(readCalendarDate(digits)).toBeNull();
    },
  );

  it('agrees with the calendar of the platform', () => {
    const part = (max: number, length: number) => fc.nat({ max }).map((number) => String(number).padStart(length, '0'));
    fc.assert(
      fc.property(part(9999, 4), part(14, 2), part(33, 2), (year, month, day) => {
        const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
        const exists = !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day) && Number(year) > 0;

        expect(readCalendarDate(year + month + day)).toBe(exists ? `${year}-${month}-${day}` : null);
      }),
      { numRuns: 1000 },
    );
  });
});
