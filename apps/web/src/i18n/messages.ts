import type { Language } from '@meldesync/domain';
import type { LaterCatalogue, Messages } from './catalogue.ts';
import { de } from './de/index.ts';

declare module 'use-intl' {
  interface AppConfig {
    Locale: Language;
    Messages: typeof de & LaterCatalogue;
  }
}

const loaded: Partial<Record<Language, Messages>> = { de };

/** Loads the texts of a language, once; German is part of the first script. */
export async function loadMessages(language: Language): Promise<void> {
  if (language === 'en' && !loaded.en) loaded.en = (await import('./en/index.ts')).en;
}

/** The texts of a language that `loadMessages` has loaded, German until then. */
export function messagesOf(language: Language): Messages {
  return loaded[language] ?? de;
}
