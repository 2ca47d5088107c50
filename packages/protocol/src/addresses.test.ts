import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOwnPath, isWebAddress } from './addresses.ts';

const HOME = 'https://melde.klinik.example';
const part = fc.oneof(
  fc.constantFrom(
    '/',
    '//',
    '\\',
    '.',
    '..',
    '\t',
    '\n',
    '\r',
    '%2f',
    '%5c',
    '@',
    ':',
    '?',
    '#',
    'evil.example',
    'https:',
    ' ',
  ),
  fc.string({ unit: 'binary', maxLength: 5 }),
);
const address = fc.array(part, { maxLength: 8 }).map((parts) => `/${parts.join('')}`);

describe('a path of this application', () => {
  it.each(['/', '/w/1/cases?text=a%20b#c', '/device', '/w/1/audit?from=2026-11-30T00:00', '/x?redirect=//a.example'])(
    '%s',
    (path) => expect(isOwnPath(path)).toBe(true),
  );

  it.each([
    '',
    'cases',
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    '/a\\b',
    'javascript:alert(1)',
    '/\u0000',
  ])('%j is none', (path) => expect(isOwnPath(path)).toBe(false));

  it('stays one, by whichever of its parts it is followed', () => {
    fc.assert(
      fc.property(address, (path) => {
        if (!isOwnPath(path)) return;
        const read = new URL(path, HOME);
        expect(read.origin).toBe(HOME);
        expect(new URL(read.pathname + read.search + read.hash, HOME).origin).toBe(HOME);
      }),
      { numRuns: 5_000 },
    );
  });
});

it.each([
  ['https://idp.example/authorize?x=1', true],
  ['http://127.0.0.1:8080/', true],
  ['javascript:alert(1)', false],
  ['JaVaScRiPt:alert(1)', false],
  [' \tjavascript:alert(1)', false],
  ['java\nscript:alert(1)', false],
  ['data:text/html,x', false],
  ['vbscript:x', false],
  ['blob:https://a.example/1', false],
  ['/path', false],
  ['', false],
])('%j: a page may be left for it: %s', (address, may) => expect(isWebAddress(address)).toBe(may));
