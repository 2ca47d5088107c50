import { Button, TextInput } from '@mantine/core';
import { type LimitRole, limitRole, type MadeServiceToken, type Role, roleAllows } from '@meldesync/protocol';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { administrationApi } from '../../../api/administration.ts';
import { serverNow } from '../../../time/page-time.ts';
import { DayField } from '../../../ui/day-field.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Form } from '../../../ui/form.tsx';
import { useShownOnce } from '../../../ui/shown-once.ts';
import { CopyWords } from '../copy-words.tsx';
import { dayOf, lastMomentOf } from '../expiry.ts';
import classes from '../form.module.css';
import { ProblemNote } from '../problem-note.tsx';
import { RoleChoice } from '../role-choice.tsx';
import { useAct } from '../use-act.ts';
import serviceClasses from './service-accounts.module.css';

const DAY_MS = 86_400_000;
/** What the field begins with. */
const USUAL_DAYS = 90;
/** The service takes a year at most; the end of this day is within it. */
const MOST_DAYS = 364;

interface NewTokenDialogProps {
  readonly workspace: string;
  readonly account: { readonly id: string; readonly name: string; readonly role: Role };
  readonly onClose: () => void;
}

/** Makes a token for a program, and shows it once. */
export function NewTokenDialog({ workspace, account, onClose }: NewTokenDialogProps) {
  const t = useTranslations('administration.services');
  const [made, setMade] = useState<MadeServiceToken | null>(null);
  return (
    <Dialog
      title={made ? t('madeTitle', { label: made.token.label }) : t('newTokenFor', { name: account.name })}
      width={520}
      onClose={onClose}
      isSticky
    >
      {made ? (
        <MadeToken secret={made.secret} onClose={onClose} />
      ) : (
        <TokenForm workspace={workspace} account={account} onMade={setMade} onClose={onClose} />
      )}
    </Dialog>
  );
}

function MadeToken({ secret, onClose }: { secret: string; onClose: () => void }) {
  const t = useTranslations('administration');
  useShownOnce();
  return (
    <>
      <p>{t('services.secretText')}</p>
      <div className={serviceClasses.secret}>
        <TextInput className={serviceClasses.field ?? ''} label={t('services.secret')} value={secret} readOnly />
        <CopyWords text={secret} label={t('services.copySecret')} isMain />
      </div>
      <div className={classes.buttons}>
        <Button variant="default" onClick={onClose}>
          {t('done')}
        </Button>
      </div>
    </>
  );
}

function TokenForm({
  workspace,
  account,
  onMade,
  onClose,
}: NewTokenDialogProps & { onMade: (made: MadeServiceToken) => void }) {
  const t = useTranslations('administration.services');
  const tAll = useTranslations('administration');
  const act = useAct();
  const [now] = useState(() => serverNow());
  const roles = limitRole.options.filter((role) => roleAllows(account.role, role));
  const [label, setLabel] = useState('');
  const [maxRole, setMaxRole] = useState<LimitRole>(() => roles.at(-1) ?? 'viewer');
  const [day, setDay] = useState(() => dayOf(now + USUAL_DAYS * DAY_MS));
  const [lack, setLack] = useState<'label' | 'day' | null>(null);
  const submit = async (): Promise<void> => {
    const expiresAt = lastMomentOf(day);
    setLack(label.trim() === '' ? 'label' : expiresAt === null ? 'day' : null);
    if (label.trim() === '' || expiresAt === null) return;
    const done = await act.run(() =>
      administrationApi().createToken(workspace, account.id, { label, maxRole, expiresAt }),
    );
    if (done) onMade(done.answer);
  };
  return (
    <>
      <ProblemNote problem={act.problem} />
      <Form className={classes.form} onSubmit={submit} onChangeOf={() => setLack(null)}>
        <TextInput
          label={t('label')}
          description={t('labelText')}
          value={label}
          error={lack === 'label' ? t('labelMissing') : null}
          required
          withAsterisk={false}
          autoComplete="off"
          data-autofocus
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        <RoleChoice legend={t('maxRole')} name="role-of-token" roles={roles} value={maxRole} onChange={setMaxRole} />
        <DayField
          label={t('expires')}
          description={t('expiresText')}
          value={day}
          min={dayOf(now)}
          max={dayOf(now + MOST_DAYS * DAY_MS)}
          error={lack === 'day' ? tAll('expiry.missing') : null}
          isRequired
          onChange={setDay}
        />
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            {tAll('cancel')}
          </Button>
          <Button type="submit" loading={act.isBusy}>
            {t('createToken')}
          </Button>
        </div>
      </Form>
    </>
  );
}
