import type { Language } from '@meldesync/domain';
import { type ReactNode, useLayoutEffect } from 'react';
import { type AppConfig, IntlProvider } from 'use-intl';
import { setPreference, usePreferences } from '../preferences/preferences.ts';
import { loadMessages, messagesOf } from './messages.ts';

/** Gives every component the texts of the chosen language and says it to assistive technology. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const { language } = usePreferences();
  // The type of a message is its German text; the English catalogue is held to the same keys and arguments by a test.
  const messages = messagesOf(language) as AppConfig['Messages'];
  useLayoutEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return (
    <IntlProvider locale={language} messages={messages} timeZone={timeZone}>
      {children}
    </IntlProvider>
  );
}

const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Switches the language once its texts are there. */
export async function changeLanguage(language: Language): Promise<void> {
  await loadMessages(language);
  setPreference('language', language);
}
