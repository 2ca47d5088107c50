import { expect, it } from 'vitest';
import { formatSpan } from './format-span.ts';

it.each([
  [-500, '0:00'],
  [0, '0:00'],
  [42_900, '0:42'],
  [60_000, '1:00'],
  [725_000, '12:05'],
  [3_725_000, '1:02:05'],
])('%d ms are %s', (spanMs, text) => expect(formatSpan(spanMs)).toBe(text));
