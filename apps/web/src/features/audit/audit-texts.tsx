import type { ReactNode } from 'react';
import { audit as de } from '../../i18n/de/audit.ts';
import { audit as en } from '../../i18n/en/audit.ts';
import { LaterTexts } from '../../i18n/later-texts.tsx';

const TEXTS = { de, en };

/** The texts of Protokoll, for what is inside. */
export function AuditTexts({ children }: { children: ReactNode }) {
  return (
    <LaterTexts name="audit" texts={TEXTS}>
      {children}
    </LaterTexts>
  );
}
