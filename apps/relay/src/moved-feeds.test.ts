import { expect, it } from 'vitest';
import { MovedFeeds } from './moved-feeds.ts';

const NOBODY = () => false;

it('R1.1 names where the feeds stand that have moved lately, each once', () => {
  const moved = new MovedFeeds();
  moved.note('a', '1-0', 0);
  moved.note('b', '2-0', 5_000);
  moved.note('a', '3-0', 6_000);
  expect(moved.named(9_000, NOBODY)).toEqual({ b: '2-0', a: '3-0' });
  expect(moved.named(15_500, NOBODY)).toEqual({ a: '3-0' });
  expect(moved.named(16_000, NOBODY)).toEqual({});
});

it('R3.5 leaves out what is told of later, and names none where they are too many', () => {
  const moved = new MovedFeeds();
  moved.note('a', '1-0', 0);
  moved.note('b', '2-0', 0);
  expect(moved.named(0, (workspace) => workspace === 'a')).toEqual({ b: '2-0' });
  for (let number = 0; number < 1_000; number++) moved.note(`w${number}`, '3-0', 0);
  expect(moved.named(0, NOBODY)).toBeUndefined();
});
