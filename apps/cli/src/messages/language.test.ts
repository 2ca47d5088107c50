import { describe, expect, it } from 'vitest';
import { detectLanguage } from './language.ts';

describe('the language of the output', () => {
  it.each([
    [{}, 'de'],
    [{ LANG: '' }, 'de'],
    [{ LANG: 'C' }, 'de'],
    [{ LANG: 'C.UTF-8' }, 'de'],
    [{ LANG: 'POSIX' }, 'de'],
    [{ LANG: 'de_DE.UTF-8' }, 'de'],
    [{ LANG: 'de' }, 'de'],
    [{ LANG: 'en_US.UTF-8' }, 'en'],
    [{ LANG: 'fr_FR.UTF-8' }, 'en'],
    [{ LANG: 'de_DE.UTF-8', LC_MESSAGES: 'en_GB.UTF-8' }, 'en'],
    [{ LANG: 'en_US.UTF-8', LC_ALL: 'de_AT.UTF-8', LC_MESSAGES: 'en_GB' }, 'de'],
  ])('with %j is %s', (env, language) => {
    expect(detectLanguage([], env)).toBe(language);
  });

  it('follows --lang before the environment', () => {
    expect(detectLanguage(['list', '--lang', 'en'], { LANG: 'de_DE' })).toBe('en');
    expect(detectLanguage(['--lang=de', 'list'], { LANG: 'en_US' })).toBe('de');
  });

  it('leaves an unknown language to the parser', () => {
    expect(detectLanguage(['--lang', 'fr'], { LANG: 'en_US' })).toBe('en');
  });

  it('ignores what follows --', () => {
    expect(detectLanguage(['show', '--', '--lang', 'en'], { LANG: 'de_DE' })).toBe('de');
  });
});
