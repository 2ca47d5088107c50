import { describe, expect, it } from 'vitest';
import { de } from './de.ts';
import { en } from './en.ts';
import { translatorOf } from './translator.ts';

/** Every text of a catalogue with its dotted key. */
function textsOf(section: object, prefix = ''): Array<[string, string]> {
  return Object.entries(section).flatMap(
    ([key, value]): Array<[string, string]> =>
      typeof value === 'string' ? [[`${prefix}${key}`, value]] : textsOf(value as object, `${prefix}${key}.`),
  );
}

/** The ICU arguments a text names, with their kind. */
function argumentsOf(text: string): string[] {
  const found = [...text.matchAll(/\{(\w+)(?:, (\w+))?/g)].map((match) => `${match[1]}:${match[2] ?? 'string'}`);
  return [...new Set(found)].sort();
}

const german = textsOf(de);
const english = new Map(textsOf(en));

describe('the message catalogues', () => {
  it('have the same keys', () => {
    expect([...english.keys()].sort()).toEqual(german.map(([key]) => key).sort());
  });

  it.each(german)('%s takes the same arguments in both languages', (key, text) => {
    expect(argumentsOf(english.get(key) ?? '')).toEqual(argumentsOf(text));
  });

  it.each(['de', 'en'] as const)('every text of %s is valid ICU syntax', (language) => {
    const t = translatorOf(language) as unknown as (key: string, values: object) => string;
    for (const [key, text] of german) {
      const values = Object.fromEntries(
        argumentsOf(text).map((argument) => {
          const [name = '', kind] = argument.split(':');
          return [name, kind === 'string' ? 'x' : 2];
        }),
      );
      expect(t(key, values)).not.toContain('{');
    }
  });
});
