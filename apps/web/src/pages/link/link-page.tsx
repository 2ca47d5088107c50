import type { ReactNode } from 'react';
import { entry as de } from '../../i18n/de/entry.ts';
import { entry as en } from '../../i18n/en/entry.ts';
import { LaterTexts } from '../../i18n/later-texts.tsx';
import { PageMain } from '../../ui/page-main.tsx';
import { Wordmark } from '../../ui/wordmark.tsx';
import { LanguageSwitch } from '../sign-in/language-switch.tsx';
import classes from './link-page.module.css';

const TEXTS = { de, en };

/** A page that a one-time link opens, for who is not signed in: one card, as sign-in is. */
export function LinkPage({ children }: { children: ReactNode }) {
  return (
    <LaterTexts name="entry" texts={TEXTS}>
      <PageMain className={classes.page}>
        <div className={classes.card}>
          <Wordmark size={28} />
          {children}
        </div>
        <LanguageSwitch />
      </PageMain>
    </LaterTexts>
  );
}
