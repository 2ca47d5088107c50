import { Button } from '@mantine/core';
import type { LiveLock } from '@meldesync/client';
import { describeError } from '@meldesync/protocol';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { errorCodeOf } from '../../api/api.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { showMessage } from '../../ui/messages.tsx';
import { LockSentence } from './lock-sentence.tsx';
import classes from './locks.module.css';

interface TakeAwayDialogProps {
  readonly lock: Pick<LiveLock, 'since' | 'endsAt'>;
  /** The holder's name. */
  readonly name: string;
  /** How the case is called. */
  readonly row: string;
  /** Ends the lock. */
  readonly end: () => Promise<void>;
  readonly onClose: () => void;
}

/** Asks an admin whether the lock of a colleague is to be taken away, and what that means for them. */
export function TakeAwayDialog({ lock, name, row, end, onClose }: TakeAwayDialogProps) {
  const t = useTranslations('locks');
  const locale = useLocale();
  const [isBusy, setBusy] = useState(false);
  const takeAway = async (): Promise<void> => {
    setBusy(true);
    try {
      await end();
      showMessage({ message: t('takenAway', { row }) });
    } catch (error) {
      showMessage({ color: 'red', title: t('takeAwayFailed'), message: describeError(errorCodeOf(error), locale) });
    }
    onClose();
  };
  return (
    <Dialog title={t('takeAwayTitle', { row })} width={440} onClose={onClose}>
      <p>
        <LockSentence lock={lock} name={name} /> {t('takeAwayText', { name })}
      </p>
      <div className={classes.dialogButtons}>
        <Button variant="default" data-autofocus onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button variant="default" c="var(--bad)" loading={isBusy} onClick={() => void takeAway()}>
          {t('takeAway')}
        </Button>
      </div>
    </Dialog>
  );
}
