import { expect, it } from 'vitest';
import { minutesOf } from './minutes.ts';

it('has the highest value of each minute and line, newest first, and no value where nothing was measured', () => {
  const times = [600, 605, 655, 660, 665];
  const lines = [{ values: [1, 7, 3, 2, null] }, { values: [null, null, null, null, 4] }];
  expect(minutesOf(times, lines)).toEqual([
    { at: 660, highest: [2, 4] },
    { at: 600, highest: [7, null] },
  ]);
});

it('has no row without a time', () => {
  expect(minutesOf([], [{ values: [] }])).toEqual([]);
});
