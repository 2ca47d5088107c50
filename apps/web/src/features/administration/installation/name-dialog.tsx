import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Dialog } from '../../../ui/dialog.tsx';
import { Form } from '../../../ui/form.tsx';
import classes from '../form.module.css';
import { ProblemNote } from '../problem-note.tsx';
import type { Act } from '../use-act.ts';

interface NameDialogProps {
  readonly title: string;
  readonly text?: string;
  readonly label: string;
  readonly confirm: string;
  readonly first?: string;
  readonly act: Act;
  readonly onSubmit: (name: string) => Promise<void>;
  readonly onClose: () => void;
}

/** Asks for a name. */
export function NameDialog({ title, text, label, confirm, first = '', act, onSubmit, onClose }: NameDialogProps) {
  const t = useTranslations('administration');
  const [name, setName] = useState(first);
  const submit = (): void => {
    if (name.trim() === '') act.refuse('name-invalid');
    else void onSubmit(name);
  };
  return (
    <Dialog title={title} width={440} onClose={onClose} isSticky>
      <ProblemNote problem={act.problem} />
      <Form className={classes.form} onSubmit={submit}>
        {text === undefined ? null : <p className={classes.text}>{text}</p>}
        <TextInput
          label={label}
          value={name}
          autoComplete="off"
          required
          withAsterisk={false}
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={act.isBusy}>
            {confirm}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
