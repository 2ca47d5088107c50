import type { ReactNode } from 'react';
import { PageMain } from '../../ui/page-main.tsx';
import { Wordmark } from '../../ui/wordmark.tsx';
import classes from './card-page.module.css';
import { LanguageSwitch } from './language-switch.tsx';

/** A page outside of every workspace: one card, and the languages. */
export function CardPage({ children }: { children: ReactNode }) {
  return (
    <PageMain className={classes.page}>
      <div className={classes.card}>
        <Wordmark size={28} />
        {children}
      </div>
      <LanguageSwitch />
    </PageMain>
  );
}
