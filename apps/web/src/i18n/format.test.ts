import { describe, expect, it } from 'vitest';
import {
  formatAsOf,
  formatDayShort,
  formatExact,
  formatMoment,
  formatTime,
  minutesSince,
  shortenMiddle,
} from './format.ts';

describe('formatDayShort', () => {
  it('writes dd.mm.yy in German and an unmistakable month in English', () => {
    expect(formatDayShort('2024-07-01', 'de')).toBe('01.07.24');
    expect(formatDayShort('2024-07-01', 'en')).toBe('01 Jul 24');
  });
});

it('minutesSince counts whole minutes, and none for what is newer than the clock of who looks', () => {
  expect(minutesSince(0, 119_999)).toBe(1);
  expect(minutesSince(0, 120_000)).toBe(2);
  expect(minutesSince(400, 0)).toBe(0);
});

describe('formatMoment', () => {
  const now = new Date(2025, 10, 21, 15, 0);

  it('gives the time for today', () => {
    expect(formatMoment(new Date(2025, 10, 21, 8, 5).toISOString(), now, 'de')).toBe('08:05');
  });

  it('gives the date for any other day', () => {
    expect(formatMoment(new Date(2025, 10, 20, 23, 59).toISOString(), now, 'de')).toBe('20.11.25');
    expect(formatMoment(new Date(2024, 10, 21, 15, 0).toISOString(), now, 'de')).toBe('21.11.24');
  });
});

describe('formatAsOf', () => {
  const now = new Date(2025, 10, 21, 8, 0).getTime();

  it('gives the time for today, and the day too for what was kept from another', () => {
    expect(formatAsOf(new Date(2025, 10, 21, 7, 5).getTime(), now, 'de')).toBe('07:05');
    expect(formatAsOf(new Date(2025, 10, 20, 16, 5).getTime(), now, 'de')).toBe('20.11.25, 16:05');
    expect(formatAsOf(new Date(2025, 10, 20, 16, 5).getTime(), now, 'en')).toBe('20 Nov 25, 16:05');
  });
});

describe('shortenMiddle', () => {
  it('keeps both ends of a Vorgangsnummer', () => {
    expect(shortenMiddle(`abcdef${'0'.repeat(52)}123456`)).toBe('abcdef…123456');
  });

  it('leaves a short text alone', () => {
    expect(shortenMiddle('abcdef1234567')).toBe('abcdef1234567');
  });
});

it('a time that is none is shown as it came', () => {
  for (const time of ['infinity', '0044-03-15 00:00:00+00 BC']) {
    expect([formatExact(time, 'de'), formatMoment(time, Date.now(), 'de')]).toEqual([time, time]);
  }
  expect(formatTime(Number.NaN, 'de')).toBe('–');
});
