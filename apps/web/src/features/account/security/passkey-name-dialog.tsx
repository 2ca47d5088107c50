import { Button, TextInput } from '@mantine/core';
import { MAX_NAME_LENGTH } from '@meldesync/domain';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { Form } from '../../../ui/form.tsx';
import classes from './security.module.css';
import { useAttempt } from './use-attempt.ts';

interface PasskeyNameDialogProps {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly name: string;
  readonly onClose: () => void;
  readonly onNamed: (name: string) => Promise<void>;
}

/** Asks what a passkey is called. */
export function PasskeyNameDialog({ title, text, action, name, onClose, onNamed }: PasskeyNameDialogProps) {
  const t = useTranslations('security');
  const [chosen, setChosen] = useState(name);
  const attempt = useAttempt();
  const submit = async (): Promise<void> => {
    if (chosen.trim() !== '' && (await attempt.run(() => onNamed(chosen.trim())))) onClose();
  };
  return (
    <Dialog title={title} width={420} onClose={onClose} isSticky>
      <Form className={classes.form} onSubmit={submit}>
        <ErrorAlert sentence={attempt.sentence} />
        <p>{text}</p>
        <TextInput
          name="passkey"
          label={t('passkeyName')}
          value={chosen}
          onChange={(event) => setChosen(event.currentTarget.value)}
          maxLength={MAX_NAME_LENGTH}
          size="sm"
          data-autofocus
          required
          withAsterisk={false}
        />
        <div className={classes.end}>
          <Button variant="default" size="sm" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" size="sm" loading={attempt.isBusy} disabled={chosen.trim() === ''}>
            {action}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
