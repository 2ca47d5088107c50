import { Button, TextInput } from '@mantine/core';
import type { AdministeredAccount } from '@meldesync/protocol';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { administrationApi } from '../../../api/administration.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { Form } from '../../../ui/form.tsx';
import { showMessage } from '../../../ui/messages.tsx';
import classes from '../form.module.css';
import { ProblemNote } from '../problem-note.tsx';
import { useAct } from '../use-act.ts';

/** Changes the name of an account and the address that its person signs in with. */
export function EditAccountDialog({ account, onClose }: { account: AdministeredAccount; onClose: () => void }) {
  const t = useTranslations('administration.accounts');
  const tAll = useTranslations('administration');
  const act = useAct();
  const [name, setName] = useState(account.name);
  const [email, setEmail] = useState(account.email);
  const submit = async (): Promise<void> => {
    const change = {
      ...(name === account.name ? {} : { name }),
      ...(email === account.email ? {} : { email }),
    };
    const done = await act.run(() => administrationApi().changeAccount(account.id, change));
    if (!done) return;
    showMessage({ message: t('edited', { name: done.answer.name }) });
    onClose();
  };
  return (
    <Dialog title={t('editTitle', { name: account.name })} width={440} onClose={onClose} isSticky>
      <ProblemNote problem={act.problem} />
      <Form className={classes.form} onSubmit={submit}>
        <TextInput
          label={tAll('name')}
          value={name}
          autoComplete="off"
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {account.kind === 'person' ? (
          <TextInput
            type="email"
            label={tAll('email')}
            description={t('emailText')}
            value={email}
            autoComplete="off"
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
        ) : null}
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            {tAll('cancel')}
          </Button>
          <Button type="submit" loading={act.isBusy}>
            {tAll('save')}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
