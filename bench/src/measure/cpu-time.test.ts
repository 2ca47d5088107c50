import { expect, it } from 'vitest';
import { parseCpuSeconds } from './cpu-time.ts';

it('adds the time in the program to that in the kernel, whatever the name of the program', () => {
  const stat = '4711 (a (strange) name) S 1 4711 4711 0 -1 4194560 100 0 0 0 1234 566 7 8 20 0 11 0 342096';
  expect(parseCpuSeconds(stat)).toBe(18);
});

it('refuses what is no stat', () => {
  expect(() => parseCpuSeconds('')).toThrow('stat');
});
