import { createTranslator, type TranslationValues } from 'use-intl/core';
import type { ErrorKey } from './catalogue.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import type { Language } from './language.ts';

/** Gives the text of a key, with its arguments filled in. Keys and arguments are checked by the compiler. */
export type Translate = ReturnType<typeof translatorOf>;

/** The texts of one language. Numbers and dates inside texts follow the language too. */
export function translatorOf(language: Language) {
  return createTranslator({
    locale: language,
    // Both catalogues have the same keys and arguments (`catalogue.test.ts`); the German one types them.
    messages: (language === 'de' ? de : en) as typeof de,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    onError: (error) => {
      throw error;
    },
  });
}

/** The sentence of an error whose key is known at run time only. */
export function translateError(t: Translate, key: ErrorKey, params: TranslationValues): string {
  const loose = t as (key: `errors.${ErrorKey}`, params: TranslationValues) => string;
  return loose(`errors.${key}`, params);
}

/** BCP 47 tag for `Intl`: English with day before month, as the data is European. */
export function localeOf(language: Language): string {
  return language === 'de' ? 'de-DE' : 'en-GB';
}
