import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStyle } from './style.ts';
import { printable, steady, steadyJson, textWidth, truncate, truncateStart, wrap } from './text.ts';

describe('text on a terminal', () => {
  it('loses what could steer the terminal', () => {
    expect(printable('a\u001b[31mb\u001b[0m\nc\u0007\u202ed')).toBe('ab c d');
  });

  it('keeps letters, signs and emoji', () => {
    expect(printable('Größe 👩‍⚕️ ✓')).toBe('Größe 👩‍⚕️ ✓');
  });

  it('has a width in columns', () => {
    expect(textWidth('Fälle')).toBe(5);
    expect(textWidth('\u001b[31mrot\u001b[39m')).toBe(3);
    expect(textWidth('漢字')).toBe(4);
    expect(textWidth('👍')).toBe(2);
    expect(textWidth('e\u0301')).toBe(1);
  });

  it('is cut with a sign that something is missing', () => {
    expect(truncate('Rückfrage', 9)).toBe('Rückfrage');
    expect(truncate('Rückfrage', 5)).toBe('Rück…');
    expect(truncate('ab cd', 4)).toBe('ab…');
    expect(truncate('漢字漢', 4)).toBe('漢…');
    expect(truncateStart('inbox/Meldung.csv', 9)).toBe('…dung.csv');
  });

  it('is broken at blanks, never inside a number', () => {
    expect(wrap('eins zwei drei vier', 10, '  ')).toEqual(['eins zwei', '  drei', '  vier']);
    expect(wrap('  eins zwei', 6)).toEqual(['  eins', 'zwei']);
    expect(wrap('ab 0123456789abcdef', 8)).toEqual(['ab', '0123456789abcdef']);
    expect(wrap('10:42  ● live', 20)).toEqual(['10:42  ● live']);
    expect(wrap('', 8)).toEqual(['']);
  });
});

/** What a terminal acts upon, or shows in another place than it stands: C0, C1, line breaks of Unicode, bidi controls. */
const STEERS = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;
const ESCAPE = '\u001b';

describe('whatever others have written', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .array(
        fc.constantFrom(
          '\u001b[2J',
          '\u001b]0;title\u0007',
          '\u001b]8;;http://a.example\u001b\\\\',
          '\u001b[8m',
          '\u001bP1$r\u001b\\\\',
          '\u001b',
          '\u009b31m',
          '\u202e',
          '\u2066',
          '\u2028',
          '\r',
          '\n',
          '\b',
          '\0',
          'a',
          '[31m',
          '👩‍⚕️',
        ),
        { maxLength: 12 },
      )
      .map((parts) => parts.join('')),
  );

  it('steers no terminal as a text of one line', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(printable(text)).not.toMatch(STEERS);
      }),
    );
  });

  it('steers none either where a command forgets about it: of a line only our own colours stay', () => {
    const style = createStyle(true);
    const ours = new RegExp(`${ESCAPE}\\[(?:1|2|22|31|32|33|36|39)m`, 'g');
    fc.assert(
      fc.property(hostile, hostile, (text, other) => {
        const line = steady(`${style.bold(text)} ${style.red(other)}`);
        expect(line.replaceAll(ours, '')).not.toMatch(STEERS);
      }),
    );
    for (const paint of Object.values(style)) expect(steady(paint('rot'))).toBe(paint('rot'));
  });

  it('steers none as JSON, which says the same', () => {
    fc.assert(
      fc.property(fc.dictionary(hostile, hostile), (value) => {
        for (const indent of [0, 2]) {
          const text = steadyJson(value, indent);
          expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
          expect(text.replaceAll('\n', '')).not.toMatch(STEERS);
        }
      }),
    );
  });
});
