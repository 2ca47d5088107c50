import type { ReactNode } from 'react';
import { administration as de } from '../../i18n/de/administration.ts';
import { administration as en } from '../../i18n/en/administration.ts';
import { LaterTexts } from '../../i18n/later-texts.tsx';

const TEXTS = { de, en };

/** The texts of Verwaltung, for what is inside. */
export function AdministrationTexts({ children }: { children: ReactNode }) {
  return (
    <LaterTexts name="administration" texts={TEXTS}>
      {children}
    </LaterTexts>
  );
}
