import { Button, TextInput } from '@mantine/core';
import { type MadeInvitation, type Role, role } from '@meldesync/protocol';
import { useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { administrationApi } from '../../../api/administration.ts';
import { serverNow } from '../../../time/page-time.ts';
import { DayField } from '../../../ui/day-field.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Form } from '../../../ui/form.tsx';
import { chosenExpiry, dayOf } from '../expiry.ts';
import classes from '../form.module.css';
import { LinkDialog } from '../link-dialog.tsx';
import { ProblemNote } from '../problem-note.tsx';
import { RoleChoice } from '../role-choice.tsx';
import { useAct } from '../use-act.ts';

interface InviteDialogProps {
  readonly workspace: { readonly id: string; readonly name: string };
  readonly onClose: () => void;
}

/** Invites one person, and then shows the link that brings them in. */
export function InviteDialog({ workspace, onClose }: InviteDialogProps) {
  const t = useTranslations('administration.invitations');
  const [made, setMade] = useState<MadeInvitation | null>(null);
  return made ? (
    <LinkDialog
      title={t('madeTitle', { email: made.invitation.email })}
      link={made.link}
      more={{ label: t('another'), run: () => setMade(null) }}
      onClose={onClose}
    />
  ) : (
    <InviteForm workspace={workspace} onMade={setMade} onClose={onClose} />
  );
}

function InviteForm({ workspace, onMade, onClose }: InviteDialogProps & { onMade: (made: MadeInvitation) => void }) {
  const t = useTranslations('administration.invitations');
  const tAll = useTranslations('administration');
  const act = useAct();
  const emailRef = useRef<HTMLInputElement>(null);
  const nameRef = useRef<HTMLInputElement>(null);
  const [wantedRole, setRole] = useState<Role>('editor');
  const [day, setDay] = useState('');
  const [today] = useState(() => dayOf(serverNow()));
  const [lack, setLack] = useState<'email' | 'day' | null>(null);
  const submit = async (): Promise<void> => {
    const email = emailRef.current?.value.trim() ?? '';
    const name = nameRef.current?.value.trim() ?? '';
    const expiry = chosenExpiry(day, serverNow());
    setLack(email === '' ? 'email' : expiry.kind === 'invalid' ? 'day' : null);
    if (email === '' || expiry.kind === 'invalid') return;
    const done = await act.run(() =>
      administrationApi().invite(workspace.id, {
        email,
        role: wantedRole,
        memberExpiresAt: expiry.kind === 'until' ? expiry.at : null,
        ...(name === '' ? {} : { name }),
      }),
    );
    if (done) onMade(done.answer);
  };
  return (
    <Dialog title={t('titleIn', { workspace: workspace.name })} width={480} onClose={onClose} isSticky>
      <ProblemNote problem={act.problem} />
      <Form className={classes.form} onSubmit={submit} onChangeOf={() => setLack(null)}>
        <TextInput
          ref={emailRef}
          type="email"
          name="email"
          autoComplete="off"
          label={tAll('email')}
          error={lack === 'email' ? t('emailMissing') : null}
          required
          withAsterisk={false}
          data-autofocus
        />
        <TextInput ref={nameRef} name="name" autoComplete="off" label={tAll('name')} description={t('nameText')} />
        <RoleChoice
          legend={tAll('role')}
          name="role-of-invited"
          roles={role.options}
          value={wantedRole}
          onChange={setRole}
        />
        <DayField
          label={tAll('expiry.label')}
          description={tAll('expiry.text')}
          value={day}
          min={today}
          error={lack === 'day' ? tAll('expiry.past') : null}
          onChange={setDay}
        />
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
