import { expect, it } from 'vitest';
import { givenMoment } from './moment.ts';

it.each([
  ['2026-12-01T08:00:00Z', true],
  ['2026-12-01T08:00:00.123456789+01:00', true],
  ['0001-01-01T00:00:00Z', true],
  ['9999-12-31T23:59:59.999Z', true],
  ['0000-12-31T23:59:59Z', false],
  ['0001-01-01T00:00:00+14:00', false],
  ['9999-12-31T23:59:59-14:00', false],
  [`2026-12-01T08:00:00.${'1'.repeat(300)}Z`, false],
  ['2026-02-30T08:00:00Z', false],
  ['2026-12-01', false],
])('%s may be given: %s', (text, isGiven) => {
  expect(givenMoment.safeParse(text).success).toBe(isGiven);
});
