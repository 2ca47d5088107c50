import { describe, expect, it } from 'vitest';
import { initialsOf, PERSON_COLORS, personColor } from './person-color.ts';

describe('personColor', () => {
  it('gives a person the same colour every time', () => {
    expect(personColor('u-17')).toBe(personColor('u-17'));
  });

  it('names a token that exists, and uses all of them over many people', () => {
    const used = new Set(Array.from({ length: 500 }, (_, index) => personColor(`user-${index}`)));
    const tokens = Array.from({ length: PERSON_COLORS }, (_, index) => `var(--person-${index})`);
    expect([...used].sort()).toEqual(tokens.sort());
  });
});

describe('initialsOf', () => {
  it.each([
    ['Jana Krüger', 'JK'],
    ['Dr. Anna-Maria von Stein', 'AS'],
    ['özlem', 'Ö'],
    ['', '?'],
  ])('%s becomes %s', (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });
});
