import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Dialog } from '../../ui/dialog.tsx';
import classes from './form.module.css';
import { ProblemNote } from './problem-note.tsx';
import type { Act } from './use-act.ts';

interface ConfirmDialogProps {
  readonly title: string;
  /** What it means for whom. */
  readonly text: ReactNode;
  /** What the button says that does it. */
  readonly confirm: string;
  /** It takes something away from somebody. */
  readonly isHarsh?: boolean;
  readonly act: Act;
  /** Does it, and closes the dialog when it was done. */
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
}

/** Asks whether something is meant, and says why it was refused. */
export function ConfirmDialog({ title, text, confirm, isHarsh, act, onConfirm, onClose }: ConfirmDialogProps) {
  const t = useTranslations('administration');
  return (
    <Dialog title={title} width={460} onClose={onClose} isSticky>
      <ProblemNote problem={act.problem} />
      <p className={classes.text}>{text}</p>
      <div className={classes.buttons}>
        <Button variant="default" data-autofocus onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button
          {...(isHarsh ? { variant: 'default', c: 'var(--bad)' } : {})}
          loading={act.isBusy}
          onClick={() => void onConfirm()}
        >
          {confirm}
        </Button>
      </div>
    </Dialog>
  );
}
