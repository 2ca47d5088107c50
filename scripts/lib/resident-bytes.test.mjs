import { expect, it } from 'vitest';
import { parseResidentBytes } from './resident-bytes.mjs';

it('reads the resident memory in bytes', () => {
  expect(parseResidentBytes('Name:\tnode\nVmPeak:\t  999 kB\nVmRSS:\t    2048 kB\nThreads:\t11\n')).toBe(2_097_152);
});

it('refuses what is something else', () => {
  expect(() => parseResidentBytes('cpu 1 2 3')).toThrow('not the content');
});
