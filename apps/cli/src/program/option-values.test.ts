import { describe, expect, it } from 'vitest';
import { duration } from './option-values.ts';

describe('a duration', () => {
  it.each([
    ['30s', 30_000],
    ['5m', 300_000],
    ['24h', 86_400_000],
  ])('%s is %i ms', (text, ms) => {
    expect(duration('--for')(text)).toBe(ms);
  });

  it.each(['', '5', '0s', '-1s', '1.5h', '25h', '5 m', '1d', '5M'])('%j is refused', (text) => {
    expect(() => duration('--for')(text)).toThrowError(expect.objectContaining({ key: 'invalidDuration' }));
  });
});
