import { expect, it } from 'vitest';
import { measureOnAndOff } from './on-and-off.ts';

it('measures in turns, and compares the means', async () => {
  const asked: string[] = [];
  const values = [1, 4, 3, 8];
  const measured = await measureOnAndOff(2, async (name, isOn) => {
    asked.push(`${name} ${isOn}`);
    return { ms: values.shift() ?? 0 };
  });
  expect(asked).toEqual(['round 1, off false', 'round 1, on true', 'round 2, off false', 'round 2, on true']);
  const ms = (one: { ms: number }) => one.ms;
  expect([measured.difference(ms), measured.ratio(ms), measured.whileOn(ms)]).toEqual([4, 3, 6]);
  expect(measured.table([['time, ms', ms]])).toBe('           off    on\ntime, ms  2.00  6.00');
});
