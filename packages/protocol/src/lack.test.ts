import { expect, it } from 'vitest';
import { describeLack } from './lack.ts';

it('what a process lacks is said in the language of whoever reads it, with its figures', () => {
  expect(describeLack('Postgres does not answer', 'de')).toBe('Postgres antwortet nicht');
  expect(describeLack('no canary for 12 s', 'de')).toBe('hört seit 12 s nichts Neues');
  expect(describeLack('no canary for 12 s', 'en')).toBe('has heard nothing new for 12 s');
});

it('what this version has no words for is said as it came', () => {
  expect(describeLack('replication slot "x" is active', 'de')).toBe('replication slot "x" is active');
});
