import { expect, it } from 'vitest';
import { acceptsOneOf } from './accepts-type.ts';

it.each<[string | null, boolean]>([
  [null, true],
  ['', true],
  ['nonsense', true],
  ['*/*', true],
  ['application/*', true],
  ['application/json', true],
  ['APPLICATION/JSON; charset=utf-8', true],
  ['text/html, application/json;q=0.1', true],
  ['text/html,application/xhtml+xml;q=0.9,*/*;q=0.8', true],
  ['text/html', false],
  ['text/*, image/png', false],
  ['application/json;q=0', false],
  ['application/json; q=0.0, */*', false],
  ['application/*;q=0, */*', false],
  ['application/problem+json', false],
])('Accept %s takes JSON: %s', (accept, isTaken) => {
  expect(acceptsOneOf(accept, ['application/json'])).toBe(isTaken);
});

it('one of several types is enough', () => {
  expect(acceptsOneOf('text/csv', ['application/jsonl', 'text/csv'])).toBe(true);
  expect(acceptsOneOf('text/plain', ['application/jsonl', 'text/csv'])).toBe(false);
});
