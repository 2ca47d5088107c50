import { describe, expect, it } from 'vitest';
import { until, untilOrNever } from './until.ts';

const parse = until('--until', () => new Date('2026-11-30T12:00:00Z'));

describe('the end of something', () => {
  it.each([
    ['12h', '2026-12-01T00:00:00.000Z'],
    ['30d', '2026-12-30T12:00:00.000Z'],
    ['2w', '2026-12-14T12:00:00.000Z'],
    ['2027-01-01T08:30Z', '2027-01-01T08:30:00.000Z'],
    ['2027-01-01T08:30:00+01:00', '2027-01-01T07:30:00.000Z'],
    ['2027-03-31', new Date('2027-03-31T23:59:59').toISOString()],
  ])('is read from %s', (written, moment) => {
    expect(parse(written)).toBe(moment);
  });

  it.each(['', '0d', '5m', 'tomorrow', '2027-02-31', '2027-13-01', '31.12.2027'])('is not read from %j', (written) => {
    expect(() => parse(written)).toThrowError(expect.objectContaining({ key: 'invalidMoment' }));
  });

  it('may be never', () => {
    expect([untilOrNever('--until')('never'), untilOrNever('--until')('nie')]).toEqual([null, null]);
  });
});
