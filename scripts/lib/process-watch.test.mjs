import { expect, it } from 'vitest';
import { counterIncrease, memoryTrend } from './process-watch.mjs';

const MIB = 1_048_576;
/** @param {number} seconds @param {number} mebibytes @param {number} [pid] */
const at = (seconds, mebibytes, pid = 1) => ({ atMs: seconds * 1_000, pid, bytes: mebibytes * MIB });

it('tells how fast the memory of a warm process grows', () => {
  const cold = [at(0, 50), at(60, 90), at(120, 100)];
  const growing = [at(180, 101), at(240, 102)];
  expect(memoryTrend('node-1', [...cold, ...growing])).toEqual({
    name: 'node-1',
    firstMiB: 50,
    lastMiB: 102,
    mibPerMinute: expect.closeTo(1, 5),
  });
  const flat = [at(180, 100), at(240, 100)];
  expect(memoryTrend('node-1', [...cold, ...flat])?.mibPerMinute).toBeCloseTo(0, 5);
});

it('looks at the process that ran last alone, and says nothing of one that has just begun', () => {
  expect(memoryTrend('node-1', [at(0, 300), at(60, 400), at(90, 80, 2), at(180, 80, 2), at(240, 80, 2)])).toMatchObject(
    {
      firstMiB: 80,
      mibPerMinute: 0,
    },
  );
  expect(memoryTrend('node-1', [at(0, 300), at(60, 400, 2), at(90, 500, 2)])).toMatchObject({
    lastMiB: 500,
    mibPerMinute: undefined,
  });
  expect(memoryTrend('node-1', [])).toBeUndefined();
});

it('adds up a counter over the lives of a process', () => {
  expect(counterIncrease([5, 7, 2, 3])).toBe(2 + 2 + 1);
  expect(counterIncrease([4])).toBe(0);
});
