import { expect, it } from 'vitest';
import { Several } from './several.ts';

it('R5.4 counts what happens to several people, and nothing of one alone', () => {
  let now = 0;
  const several = new Several(() => now);
  expect([several.happened('ada'), several.happened('ada')]).toEqual([0, 0]);
  expect([several.happened('ben'), several.happened('ada')]).toEqual([3, 1]);
  now = 10_001;
  expect([several.happened('ada'), several.happened('ada'), several.happened('ben')]).toEqual([0, 0, 3]);
});
