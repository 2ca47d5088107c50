import { expect, it } from 'vitest';
import { endOfDay, isTimeZone } from './end-of-day.ts';

it.each([
  ['Europe/Berlin', '2026-12-31', '2026-12-31T22:59:59.999Z'],
  ['Europe/Berlin', '2026-07-31', '2026-07-31T21:59:59.999Z'],
  // The clock was changed on that day.
  ['Europe/Berlin', '2027-03-28', '2027-03-28T21:59:59.999Z'],
  ['Europe/Berlin', '2027-10-31', '2027-10-31T22:59:59.999Z'],
  ['America/St_Johns', '2027-01-15', '2027-01-16T03:29:59.999Z'],
  ['Pacific/Auckland', '2027-01-15', '2027-01-15T10:59:59.999Z'],
  ['UTC', '2028-02-29', '2028-02-29T23:59:59.999Z'],
])('in %s %s ends at %s', (zone, day, end) => {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  expect(endOfDay(year, month, date, zone)?.toISOString()).toBe(end);
});

it('a day that there is not has no end, in any zone', () => {
  expect(endOfDay(2027, 2, 29)).toBeUndefined();
  expect(endOfDay(2027, 2, 29, 'Europe/Berlin')).toBeUndefined();
});

it('knows which zones there are', () => {
  expect(['Europe/Berlin', 'UTC', 'Mars/Olympus', ''].map(isTimeZone)).toEqual([true, true, false, false]);
});
