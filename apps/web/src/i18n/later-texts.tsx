import type { Language } from '@meldesync/domain';
import { type ReactNode, useMemo } from 'react';
import { IntlProvider, useLocale, useMessages, useTimeZone } from 'use-intl';
import type { LaterMessages } from './catalogue.ts';

interface LaterTextsProps<Name extends keyof LaterMessages> {
  /** The namespace under which `useTranslations` finds them. */
  readonly name: Name;
  readonly texts: Readonly<Record<Language, LaterMessages[Name]>>;
  readonly children: ReactNode;
}

/** Adds texts that come with the code of a page, and not with the first script. */
export function LaterTexts<Name extends keyof LaterMessages>({ name, texts, children }: LaterTextsProps<Name>) {
  const known = useMessages();
  const locale = useLocale();
  const timeZone = useTimeZone();
  const messages = useMemo(() => ({ ...known, [name]: texts[locale] }), [known, name, texts, locale]);
  return (
    <IntlProvider locale={locale} messages={messages} {...(timeZone === undefined ? {} : { timeZone })}>
      {children}
    </IntlProvider>
  );
}
