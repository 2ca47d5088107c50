import { Button, Select } from '@mantine/core';
import type { AdministeredAccount } from '@meldesync/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { administrationApi } from '../../../api/administration.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { Form } from '../../../ui/form.tsx';
import { showMessage } from '../../../ui/messages.tsx';
import { accountsQuery } from '../administration-queries.ts';
import classes from '../form.module.css';
import { ProblemNote } from '../problem-note.tsx';
import { Loaded } from '../section.tsx';
import { useAct } from '../use-act.ts';

interface MergeAccountDialogProps {
  /** The one that is put into another, and is no more then. */
  readonly account: AdministeredAccount;
  readonly onClose: () => void;
}

/** Makes one of two accounts of a person, as when somebody was invited by one address and signed in by another. */
export function MergeAccountDialog({ account, onClose }: MergeAccountDialogProps) {
  const t = useTranslations('administration');
  const locale = useLocale();
  const accounts = useQuery(accountsQuery);
  const act = useAct();
  const [into, setInto] = useState<string | null>(null);
  const [isMissing, setMissing] = useState(false);
  const submit = async (): Promise<void> => {
    setMissing(into === null);
    if (into === null) return;
    const done = await act.run(() => administrationApi().mergeAccounts(account.id, into));
    if (!done) return;
    const { name, email } = done.answer;
    showMessage({ message: t('accounts.merged', { name, email }) });
    onClose();
  };
  return (
    <Dialog title={t('accounts.mergeTitle', { name: account.name })} width={480} onClose={onClose} isSticky>
      <ProblemNote problem={act.problem} />
      <Loaded query={accounts}>
        {(all) => (
          <Form className={classes.form} onSubmit={submit}>
            <p className={classes.text}>{t('accounts.mergeText', { email: account.email })}</p>
            <Select
              label={t('accounts.mergeInto')}
              data={all
                .filter(({ id, kind }) => kind === 'person' && id !== account.id)
                .toSorted((one, other) => one.name.localeCompare(other.name, locale))
                .map(({ id, name, email }) => ({ value: id, label: `${name} · ${email}` }))}
              value={into}
              onChange={(chosen) => {
                setInto(chosen);
                setMissing(false);
              }}
              searchable
              data-autofocus
              nothingFoundMessage={t('accounts.mergeNobody')}
              error={isMissing && into === null ? t('accounts.mergeMissing') : null}
              comboboxProps={{ withinPortal: false }}
            />
            <div className={classes.buttons}>
              <Button variant="default" onClick={onClose}>
                {t('cancel')}
              </Button>
              <Button type="submit" variant="default" c="var(--bad)" loading={act.isBusy}>
                {t('accounts.mergeNow')}
              </Button>
            </div>
          </Form>
        )}
      </Loaded>
    </Dialog>
  );
}
