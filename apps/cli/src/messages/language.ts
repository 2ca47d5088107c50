export type Language = 'de' | 'en';

/** What commands may be told with `--lang`. */
export const LANGUAGES: readonly Language[] = ['de', 'en'];

/**
 * The language of the output. `--lang` goes before the locale of the environment (POSIX order: LC_ALL, LC_MESSAGES,
 * LANG). Without a locale, or with `C`, it is German; any locale that is not German gets English.
 *
 * Reads `--lang` from the raw arguments, because the help texts need the language before the arguments are parsed. An
 * unknown language is left to the parser to refuse.
 */
export function detectLanguage(args: readonly string[], env: NodeJS.ProcessEnv): Language {
  const asked = languageOption(args);
  if (asked !== undefined) return asked;
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  if (locale === '' || /^(C|POSIX)(\.|$)/.test(locale)) return 'de';
  return /^de([_.@-]|$)/i.test(locale) ? 'de' : 'en';
}

function languageOption(args: readonly string[]): Language | undefined {
  for (const [index, arg] of args.entries()) {
    if (arg === '--') return undefined;
    const value =
      arg === '--lang' ? args[index + 1] : arg.startsWith('--lang=') ? arg.slice('--lang='.length) : undefined;
    const language = LANGUAGES.find((known) => known === value);
    if (language !== undefined) return language;
  }
  return undefined;
}
