import { expect, it } from 'vitest';
import { durationMs } from '../../options/duration.ts';
import { beginsAtMs } from './arrival-rate.ts';
import { levelAt } from './ramping-vus.ts';
import { shareOf } from './segment.ts';

it('begins iterations evenly at a constant rate, and ever closer together at one that rises', () => {
  const constant = [{ durationMs: 1_000, from: 0.01, to: 0.01 }];
  expect([0, 1, 9, 10].map((number) => beginsAtMs(constant, number))).toEqual([0, 100, 900, undefined]);
  // From none to 20 a second over two seconds: 20 iterations, the second at √(2·1/0.00001) ms.
  const rising = [{ durationMs: 2_000, from: 0, to: 0.02 }];
  expect(beginsAtMs(rising, 0)).toBe(0);
  expect(beginsAtMs(rising, 5)).toBeCloseTo(1_000);
  expect(beginsAtMs(rising, 20)).toBeUndefined();
  const stages = [...rising, { durationMs: 1_000, from: 0.02, to: 0 }];
  expect(beginsAtMs(stages, 20)).toBeCloseTo(2_000);
  expect(beginsAtMs(stages, 27)).toBeGreaterThan(2_400);
  expect(beginsAtMs([{ durationMs: 1_000, from: 0, to: 0 }, ...constant], 0)).toBe(1_000);
});

it('goes in straight lines from stage to stage', () => {
  const stages = [
    { duration: 100, target: 10 },
    { duration: 0, target: 4 },
    { duration: 100, target: 4 },
  ];
  expect([0, 50, 100, 150, 500].map((ms) => levelAt(0, stages, ms))).toEqual([0, 5, 4, 4, 4]);
});

it('splits any number among any number of threads, and loses none', () => {
  for (const total of [0, 1, 5, 100, 101]) {
    for (const count of [1, 2, 3, 7]) {
      const shares = Array.from({ length: count }, (_, index) => shareOf(total, { index, count }));
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(total);
    }
  }
});

it.each([
  ['90s', 90_000],
  ['1m30s', 90_000],
  ['500ms', 500],
  ['1.5h', 5_400_000],
  ['250', 250],
  ['', undefined],
  ['soon', undefined],
  ['1m 30s', undefined],
])('reads the duration "%s"', (text, ms) => expect(durationMs(text)).toBe(ms));
