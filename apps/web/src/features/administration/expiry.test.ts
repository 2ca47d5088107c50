import { expect, it } from 'vitest';
import { chosenExpiry, dayOf, dayOfIso, lastMomentOf } from './expiry.ts';

it('a day ends with its last moment here, and is found again from it', () => {
  const end = lastMomentOf('2027-03-31');
  expect(end).not.toBeNull();
  expect(dayOfIso(end)).toBe('2027-03-31');
  expect(dayOf(Date.parse(end ?? '') + 1)).toBe('2027-04-01');
});

it.each(['', '2027-02-30', '31.03.2027', '2027-13-01', 'morgen'])('%j is no day', (text) => {
  expect(lastMomentOf(text)).toBeNull();
});

it('no day is without end, today is until tonight, and yesterday is over', () => {
  const now = new Date(2027, 5, 15, 12).getTime();
  expect(chosenExpiry('', now)).toEqual({ kind: 'unlimited' });
  expect(chosenExpiry('2027-06-15', now)).toEqual({ kind: 'until', at: lastMomentOf('2027-06-15') });
  expect(chosenExpiry('2027-06-14', now)).toEqual({ kind: 'invalid' });
});

it('without an end a date field is empty', () => expect(dayOfIso(null)).toBe(''));
