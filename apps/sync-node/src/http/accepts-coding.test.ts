import { expect, it } from 'vitest';
import { acceptsCoding } from './accepts-coding.ts';

it.each(['gzip', 'br, gzip', 'GZIP', 'gzip;q=0.5', 'deflate , gzip ; q=1', 'gzip;q=0.001'])(
  '"%s" takes gzip',
  (header) => {
    expect(acceptsCoding(header, 'gzip')).toBe(true);
  },
);

it.each([
  undefined,
  null,
  '',
  'identity',
  'gzip;q=0',
  'gzip; Q=0.000, identity',
  'br',
  'xgzip',
  'gzip-2',
  'not-gzip',
  '*',
  `${'a,'.repeat(100)}gzip`,
])('"%s" does not take gzip', (header) => {
  expect(acceptsCoding(header, 'gzip')).toBe(false);
});
