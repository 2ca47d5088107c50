import type { AuditEntry } from '@meldesync/protocol';
import { IconClock, IconEraser, IconShieldCheck } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import classes from './entries.module.css';

/** Whether an entry is sealed, not yet, or its content was erased. */
export type SealState = 'sealed' | 'open' | 'erased';

export function sealState({ seal, isErased }: Pick<AuditEntry, 'seal' | 'isErased'>): SealState {
  if (isErased) return 'erased';
  return seal === null ? 'open' : 'sealed';
}

const ICONS = { sealed: IconShieldCheck, open: IconClock, erased: IconEraser } as const;

/** Its sign; its words stand beside it. */
export function SealIcon({ state }: { state: SealState }) {
  const Sign = ICONS[state];
  return <Sign size={14} aria-hidden="true" />;
}

/** Whether an entry is sealed, in a word. */
export function SealMark({ entry }: { entry: Pick<AuditEntry, 'seal' | 'isErased'> }) {
  const t = useTranslations('audit.seal');
  const state = sealState(entry);
  return (
    <span className={classes.seal} data-state={state}>
      <SealIcon state={state} />
      {t(state)}
    </span>
  );
}
