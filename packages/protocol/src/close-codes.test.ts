import { expect, it } from 'vitest';
import { CLOSE_CODES, mayReconnect } from './close-codes.ts';

it('R4.1 the range of a close code says whether to come back', () => {
  const back = Object.entries(CLOSE_CODES).filter(([, code]) => mayReconnect(code));
  expect(back.map(([name]) => name).toSorted()).toEqual([
    'draining',
    'helloTimeout',
    'internal',
    'rateLimited',
    'slow',
  ]);
  for (const transport of [1000, 1001, 1006, 1009, 1011]) expect(mayReconnect(transport)).toBe(true);
});
