import { Button, Select } from '@mantine/core';
import { type Role, role } from '@meldesync/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { administrationApi } from '../../../api/administration.ts';
import { serverNow } from '../../../time/page-time.ts';
import { DayField } from '../../../ui/day-field.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Form } from '../../../ui/form.tsx';
import { showMessage } from '../../../ui/messages.tsx';
import { accountsQuery, administeredMembersQuery } from '../administration-queries.ts';
import { chosenExpiry, dayOf } from '../expiry.ts';
import classes from '../form.module.css';
import { ProblemNote } from '../problem-note.tsx';
import { RoleChoice } from '../role-choice.tsx';
import { Loaded } from '../section.tsx';
import { useAct } from '../use-act.ts';

interface AddMemberDialogProps {
  readonly workspace: { readonly id: string; readonly name: string };
  readonly onClose: () => void;
}

/** Takes somebody who has an account into a workspace, at once. */
export function AddMemberDialog({ workspace, onClose }: AddMemberDialogProps) {
  const t = useTranslations('administration');
  const locale = useLocale();
  const accounts = useQuery(accountsQuery);
  const members = useQuery(administeredMembersQuery(workspace.id));
  const act = useAct();
  const [account, setAccount] = useState<string | null>(null);
  const [wantedRole, setRole] = useState<Role>('editor');
  const [day, setDay] = useState('');
  const [today] = useState(() => dayOf(serverNow()));
  const [lack, setLack] = useState<'account' | 'day' | null>(null);
  const inside = new Set(members.data?.map(({ id }) => id));
  const submit = async (): Promise<void> => {
    const expiry = chosenExpiry(day, serverNow());
    setLack(account === null ? 'account' : expiry.kind === 'invalid' ? 'day' : null);
    if (account === null || expiry.kind === 'invalid') return;
    const expiresAt = expiry.kind === 'until' ? expiry.at : null;
    const done = await act.run(() =>
      administrationApi().addMember(workspace.id, { account, role: wantedRole, expiresAt }),
    );
    if (!done) return;
    showMessage({ message: t('members.added', { name: done.answer.name }) });
    onClose();
  };
  return (
    <Dialog title={t('members.addTitle', { workspace: workspace.name })} width={480} onClose={onClose} isSticky>
      <ProblemNote problem={act.problem} />
      <Loaded query={accounts}>
        {(all) => {
          const outside = all
            .filter(({ id, kind, disabledAt }) => kind === 'person' && disabledAt === null && !inside.has(id))
            .toSorted((one, other) => one.name.localeCompare(other.name, locale));
          return (
            <Form className={classes.form} onSubmit={submit} onChangeOf={() => setLack(null)}>
              <p className={classes.text}>{outside.length === 0 ? t('members.nobodyLeft') : t('members.addText')}</p>
              <Select
                label={t('members.account')}
                data={outside.map(({ id, name, email }) => ({ value: id, label: `${name} · ${email}` }))}
                value={account}
                onChange={(chosen) => {
                  setAccount(chosen);
                  setLack(null);
                }}
                searchable
                data-autofocus
                error={lack === 'account' ? t('members.accountMissing') : null}
                comboboxProps={{ withinPortal: false }}
              />
              <RoleChoice
                legend={t('role')}
                name="role-of-new-member"
                roles={role.options}
                value={wantedRole}
                onChange={setRole}
              />
              <DayField
                label={t('expiry.label')}
                description={t('expiry.text')}
                value={day}
                min={today}
                error={lack === 'day' ? t('expiry.past') : null}
                onChange={setDay}
              />
              <div className={classes.buttons}>
                <Button variant="default" onClick={onClose}>
                  {t('cancel')}
                </Button>
                <Button type="submit" loading={act.isBusy}>
                  {t('members.addNow')}
                </Button>
              </div>
            </Form>
          );
        }}
      </Loaded>
    </Dialog>
  );
}
