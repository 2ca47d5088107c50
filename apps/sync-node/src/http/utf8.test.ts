import { expect, it } from 'vitest';
import { isUtf8Address, isUtf8Body, isWholeAddress } from './utf8.ts';

it.each<[string, boolean]>([
  ['/records/7', true],
  ['/w/%C3%A4', true],
  ['/w/ä?q=ö', true],
  ['/w/100%', true],
  ['/w/%FF', false],
  ['/w/%C3', false],
  ['/w?after=%ff', false],
  ['/w/%ED%A0%80', false],
])('the address %s is UTF-8: %s', (address, isText) => {
  expect(isUtf8Address(new URL(address, 'http://localhost'))).toBe(isText);
});

it('an address of which bytes were replaced has not come whole', () => {
  expect(isWholeAddress('/w/ä')).toBe(true);
  expect(isWholeAddress('/w/\uFFFD')).toBe(false);
});

const bytes = (...parts: (string | number)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part))));

it.each<[string, Buffer, string | null, boolean]>([
  ['JSON', bytes('{"note":"ä"}'), 'application/json', true],
  ['JSON in Latin-1', bytes('{"note":"', 0xe4, '"}'), 'application/json', false],
  ['JSON in Latin-1 that says so', bytes('{"note":"', 0xe4, '"}'), 'application/json; charset=iso-8859-1', false],
  ['another JSON', bytes(0xff), 'application/scim+json', false],
  ['a form', bytes('a=%C3%A4'), 'application/x-www-form-urlencoded', true],
  ['a form in Latin-1', bytes('a=%E4'), 'Application/X-WWW-Form-Urlencoded', false],
  ['a file', bytes(0xe4), 'text/csv', true],
  ['files', bytes(0xe4), 'multipart/form-data; boundary=x', true],
  ['something', bytes(0xe4), null, true],
])('%s', (_, body, type, isText) => {
  expect(isUtf8Body(body, type)).toBe(isText);
});
