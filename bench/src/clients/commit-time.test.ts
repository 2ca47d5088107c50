import { expect, it } from 'vitest';
import { parseAtMs } from './commit-time.ts';

it.each([
  ['2026-01-22T10:00:00.123456Z', 123.456],
  ['2026-01-22T10:00:00.12Z', 120],
  ['2026-01-22T10:00:00.000007Z', 0.007],
  ['2026-01-22T10:00:00Z', 0],
])('keeps the microseconds of %s', (at, fractionMs) => {
  expect(parseAtMs(at) - Date.parse('2026-01-22T10:00:00Z')).toBeCloseTo(fractionMs, 3);
});
