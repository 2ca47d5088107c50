import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { CurrentPassword } from '../../../ui/current-password.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { Form } from '../../../ui/form.tsx';
import classes from './security.module.css';
import { useAttempt } from './use-attempt.ts';

interface ProveFormProps {
  readonly text: string;
  readonly action: string;
  readonly isDangerous?: boolean;
  readonly onCancel?: (() => void) | undefined;
  /** Does it with the password. */
  readonly onProven: (password: string) => Promise<void>;
}

/** Asks for the password of the person, for what changes how they sign in. */
export function ProveForm({ text, action, isDangerous = false, onCancel, onProven }: ProveFormProps) {
  const t = useTranslations('security');
  const [password, setPassword] = useState('');
  const attempt = useAttempt();
  const submit = async (): Promise<void> => {
    if (password !== '') await attempt.run(() => onProven(password));
  };
  const isAboutPassword = attempt.problem === 'password-wrong';
  return (
    <Form className={classes.form} onSubmit={submit}>
      <ErrorAlert sentence={isAboutPassword ? null : attempt.sentence} />
      <p>{text}</p>
      <CurrentPassword
        label={t('currentPassword')}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        error={isAboutPassword ? attempt.sentence : null}
        data-autofocus
      />
      <div className={classes.end}>
        {onCancel ? (
          <Button variant="default" size="sm" onClick={onCancel}>
            {t('cancel')}
          </Button>
        ) : null}
        <Button
          type="submit"
          size="sm"
          loading={attempt.isBusy}
          {...(isDangerous && { variant: 'default', c: 'var(--bad)' })}
        >
          {action}
        </Button>
      </div>
    </Form>
  );
}

/** The same as a dialog. */
export function ProveDialog({ title, onClose, ...form }: ProveFormProps & { title: string; onClose: () => void }) {
  return (
    <Dialog title={title} width={420} onClose={onClose} isSticky>
      <ProveForm {...form} onCancel={onClose} />
    </Dialog>
  );
}
