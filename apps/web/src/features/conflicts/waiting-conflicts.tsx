import { IconGitMerge } from '@tabler/icons-react';
import { useEffect, useSyncExternalStore } from 'react';
import { useTranslations } from 'use-intl';
import { useSync } from '../../sync/sync-context.tsx';
import { hideLatest } from '../../ui/messages.tsx';
import { WAITING_MESSAGE } from './use-decide.ts';
import classes from './waiting-conflicts.module.css';

/** Leads back to conflicts that the person left for later; stands on every page until they are decided. */
export function WaitingConflicts() {
  const t = useTranslations('conflicts');
  const { conflicts } = useSync();
  const { open, isPutOff } = useSyncExternalStore(conflicts.subscribe, conflicts.getSnapshot);
  useEffect(() => (isPutOff ? () => hideLatest(WAITING_MESSAGE) : undefined), [isPutOff]);
  if (!isPutOff) return null;
  return (
    <button type="button" className={classes.button} onClick={conflicts.resume}>
      <IconGitMerge size={14} aria-hidden="true" />
      {t('waitingButton', { count: open.length })}
    </button>
  );
}
