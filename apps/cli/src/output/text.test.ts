import { describe, expect, it } from 'vitest';
import { printable, textWidth, truncate, truncateStart, wrap } from './text.ts';

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
