import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emailAddress, personName } from './people.ts';

describe('personName', () => {
  it.each([
    ['  Dr. Ina   Thal ', 'Dr. Ina Thal'],
    ['Ina\u00a0Thal', 'Ina Thal'],
    ['Jo\u0308rg', 'Jörg'],
    ['Ærø Þór', 'Ærø Þór'],
    ['李小龙', '李小龙'],
    ["O'Neill-Smith, 3.", "O'Neill-Smith, 3."],
    ['x'.repeat(100), 'x'.repeat(100)],
    ['𠮷'.repeat(100), '𠮷'.repeat(100)],
  ])('keeps %j as %j', (text, name) => {
    expect(personName(text)).toBe(name);
  });

  it.each([
    ['empty', ''],
    ['of spaces', '   '],
    ['of digits', '12345'],
    ['of 101 characters', 'x'.repeat(101)],
    ['of 100,000 characters', 'x'.repeat(100_000)],
    ['with a line end', 'Ina\nThal'],
    ['with a tab', 'Ina\tThal'],
    ['with NUL', 'Ina\u0000'],
    ['that turns the direction', 'Ina \u202elahT'],
    ['with an isolate', 'Ina\u2066Thal'],
    ['with a mark of direction', 'Ina\u200f'],
    ['with a joiner', 'I\u200dna'],
    ['with a filler that is a letter and is not seen', '\u3164'],
    ['with a byte order mark', '\ufeffIna'],
    ['for private use', 'Ina\ue000'],
    ['with half a character', 'Ina\ud800'],
    ['unassigned', 'Ina\u0378'],
    ['with a line separator', 'Ina\u2028Thal'],
    ['whose marks cover other lines', `a${'\u0336'.repeat(40)}`],
  ])('a name %s is none', (_, text) => {
    expect(personName(text)).toBeUndefined();
  });

  const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string());

  it('a name that is kept is kept as it is, is short, seen and has a letter', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const name = personName(text);
        if (name === undefined) return;
        expect(personName(name)).toBe(name);
        expect(name).toBe(name.normalize('NFC'));
        expect(Array.from(name).length).toBeLessThanOrEqual(100);
        expect(name).toMatch(/\p{L}/u);
        expect(name).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]|^\s|\s$|\s\s/u);
      }),
    );
  });
});

describe('emailAddress', () => {
  it.each([
    ['IT@Klinik.Example', 'it@klinik.example'],
    [' team+1@klinik.example ', 'team+1@klinik.example'],
    ["o'neill@a-b.klinik.example", "o'neill@a-b.klinik.example"],
    [`${'x'.repeat(64)}@klinik.example`, `${'x'.repeat(64)}@klinik.example`],
  ])('keeps %j as %j', (text, email) => {
    expect(emailAddress(text)).toBe(email);
  });

  it.each([
    '',
    'klinik.example',
    '@klinik.example',
    'it@',
    'it@klinik',
    'it@@klinik.example',
    'it it@klinik.example',
    'it@klinik..example',
    '.it@klinik.example',
    'it.@klinik.example',
    'i..t@klinik.example',
    'it@-klinik.example',
    'it@klinik.example\u0000',
    'it\u202e@klinik.example',
    'ıt@klinik.example',
    // The Kelvin sign: in small letters a k.
    'it@\u212alinik.example',
    'it@klinik.example,other@klinik.example',
    `${'x'.repeat(65)}@klinik.example`,
    `it@${'klinik.'.repeat(40)}example`,
    'x'.repeat(100_000),
  ])('%j is none', (text) => {
    expect(emailAddress(text)).toBeUndefined();
  });

  it('one that is kept is kept as it is, whoever types it in which case', () => {
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), fc.string()), (text) => {
        const email = emailAddress(text);
        if (email === undefined) return;
        expect(emailAddress(email)).toBe(email);
        expect(emailAddress(text.toUpperCase())).toBe(email);
      }),
    );
  });
});
