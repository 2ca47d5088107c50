import { expect, it } from 'vitest';
import { decodeCanary, encodeCanary } from './canary.ts';

it('R1.1 a canary says where the feeds stand that have moved, and one of the release before does not', () => {
  const told = { transitMs: 7, moved: { epoch: '0123abcd', heads: { a: '10-0' } } };
  expect(decodeCanary(encodeCanary(told))).toEqual(told);
  expect(decodeCanary('{"transitMs":7}')).toEqual({ transitMs: 7 });
});

it.each(['', '{', 'null', '[]', '{"transitMs":"7"}', '{"transitMs":-1}'])('%s is no canary', (message) => {
  expect(decodeCanary(message)).toBeUndefined();
});

it.each([{ epoch: 1, heads: {} }, { epoch: '0123abcd', heads: { a: 'x' } }, { epoch: '0123abcd', heads: null }, 'a'])(
  'a canary counts though what it says of feeds is %j',
  (moved) => {
    expect(decodeCanary(JSON.stringify({ transitMs: 7, moved }))).toEqual({ transitMs: 7 });
  },
);
