import { describe, expect, it } from 'vitest';
import { parsePreferences } from './preferences.ts';

const nothing = (): null => null;

describe('parsePreferences', () => {
  it('starts in German, comfortable, with shortcuts', () => {
    expect(parsePreferences(nothing, 'de-DE')).toEqual({
      language: 'de',
      density: 'comfortable',
      letterShortcuts: true,
    });
  });

  it('follows an English browser, and German for any other language', () => {
    expect(parsePreferences(nothing, 'en-GB').language).toBe('en');
    expect(parsePreferences(nothing, 'fr-FR').language).toBe('de');
  });

  it('prefers what was chosen and ignores unknown values', () => {
    const stored: Record<string, string> = {
      'meldesync.language': 'de',
      'meldesync.density': 'tiny',
      'meldesync.letter-shortcuts': 'off',
    };
    const read = (key: string): string | null => stored[key] ?? null;
    expect(parsePreferences(read, 'en-US')).toEqual({
      language: 'de',
      density: 'comfortable',
      letterShortcuts: false,
    });
  });
});
