import { Button, TextInput } from '@mantine/core';
import type { MadeAccount } from '@meldesync/protocol';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { administrationApi } from '../../../api/administration.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { Form } from '../../../ui/form.tsx';
import classes from '../form.module.css';
import { LinkDialog } from '../link-dialog.tsx';
import { ProblemNote } from '../problem-note.tsx';
import { useAct } from '../use-act.ts';

/** Makes an account, and shows the link by which its person chooses a password. */
export function NewAccountDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('administration.accounts');
  const tAll = useTranslations('administration');
  const act = useAct();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [isInstallationAdmin, setAdmin] = useState(false);
  const [made, setMade] = useState<MadeAccount | null>(null);
  const submit = async (): Promise<void> => {
    if (name.trim() === '') return act.refuse('name-invalid');
    if (email.trim() === '') return act.refuse('email-invalid');
    const done = await act.run(() => administrationApi().createAccount({ name, email, isInstallationAdmin }));
    if (done) setMade(done.answer);
  };
  if (made)
    return <LinkDialog title={t('madeTitle', { name: made.account.name })} link={made.link} onClose={onClose} />;
  return (
    <Dialog title={t('createTitle')} width={460} onClose={onClose} isSticky>
      <ProblemNote problem={act.problem} />
      <Form className={classes.form} onSubmit={submit}>
        <p className={classes.text}>{t('createText')}</p>
        <TextInput
          label={tAll('name')}
          value={name}
          autoComplete="off"
          required
          withAsterisk={false}
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          type="email"
          label={tAll('email')}
          description={t('emailText')}
          value={email}
          autoComplete="off"
          required
          withAsterisk={false}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <label className={classes.choice}>
          <input
            type="checkbox"
            checked={isInstallationAdmin}
            onChange={(event) => setAdmin(event.currentTarget.checked)}
          />
          {t('admin')}
          <span className={classes.choiceText}>{t('adminText')}</span>
        </label>
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            {tAll('cancel')}
          </Button>
          <Button type="submit" loading={act.isBusy}>
            {t('submit')}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
