import type { ReactNode } from 'react';
import { entry as de } from '../../i18n/de/entry.ts';
import { entry as en } from '../../i18n/en/entry.ts';
import { LaterTexts } from '../../i18n/later-texts.tsx';
import { CardPage } from '../card/card-page.tsx';

const TEXTS = { de, en };

/** A page that a one-time link opens, for who is not signed in. */
export function LinkPage({ children }: { children: ReactNode }) {
  return (
    <LaterTexts name="entry" texts={TEXTS}>
      <CardPage>{children}</CardPage>
    </LaterTexts>
  );
}
