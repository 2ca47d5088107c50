import { expect, it } from 'vitest';
import { isKnown, versionsNamed } from './entity-tags.ts';

it.each<[string | null, boolean]>([
  [null, false],
  ['', false],
  ['"a"', true],
  ['W/"a"', true],
  ['"b", W/"a"', true],
  ['*', true],
  ['"b"', false],
  ['a', false],
  ['"ab"', false],
  ['"*"', false],
])('If-None-Match %s', (header, known) => {
  expect(isKnown(header, '"a"')).toBe(known);
  expect(isKnown(header, 'W/"a"')).toBe(known);
});

it.each<[string | undefined, readonly number[] | undefined]>([
  [undefined, undefined],
  ['*', undefined],
  [' * ', undefined],
  ['"3"', [3]],
  ['W/"3"', [3]],
  ['"3", "12",W/"4"', [3, 12, 4]],
  ['"3", "x"', [3]],
  ['3', []],
  ['"0"', []],
  ['"-1"', []],
  ['"1000000000"', []],
  ['', []],
])('P61 If-Match %s names versions', (header, versions) => {
  expect(versionsNamed(header)).toEqual(versions);
});

it('a request may name any number of tags: the first are looked at', () => {
  const many = Array.from({ length: 1_000 }, (_, n) => `"${n + 1}"`).join(', ');
  expect(versionsNamed(many)).toHaveLength(20);
  expect(isKnown(many, '"1000"')).toBe(false);
});
