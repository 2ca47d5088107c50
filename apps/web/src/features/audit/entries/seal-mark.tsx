import type { AuditEntry } from '@meldesync/protocol';
import { IconClock, IconEraser, IconShieldCheck } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import classes from './entries.module.css';

/** Whether an entry is sealed, or its content erased, in a word. */
export function SealMark({ entry }: { entry: Pick<AuditEntry, 'seal' | 'isErased'> }) {
  const t = useTranslations('audit.seal');
  const state = entry.isErased ? 'erased' : entry.seal === null ? 'open' : 'sealed';
  return (
    <span className={classes.seal} data-state={state}>
      {state === 'erased' ? (
        <IconEraser size={14} aria-hidden="true" />
      ) : state === 'open' ? (
        <IconClock size={14} aria-hidden="true" />
      ) : (
        <IconShieldCheck size={14} aria-hidden="true" />
      )}
      {t(state)}
    </span>
  );
}
