import { Button, TextInput } from '@mantine/core';
import type { ErrorCode, ShownInvitation } from '@meldesync/protocol';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { forgetLinkSecret } from '../../address/link-secret.ts';
import { entryApi } from '../../api/administration.ts';
import { PasswordField } from '../../features/account/password-field.tsx';
import { CodeAlert } from '../../ui/code-alert.tsx';
import { Form } from '../../ui/form.tsx';
import classes from '../link/link-page.module.css';
import { NameField } from '../link/text-field.tsx';
import { useEnter } from '../link/use-enter.ts';
import { useLinkForm } from '../link/use-link-form.ts';

const FIELDS = ['name', 'password'] as const;

interface AcceptAsNewProps {
  readonly secret: string;
  readonly invitation: ShownInvitation;
  /** Called when the link turns out not to work any more. */
  readonly onRefused: (code: ErrorCode) => void;
}

/** Accepts an invitation as somebody who has no account yet, which this makes. */
export function AcceptAsNew({ secret, invitation, onRefused }: AcceptAsNewProps) {
  const t = useTranslations('entry');
  const navigate = useNavigate();
  const enter = useEnter();
  const form = useLinkForm(FIELDS, onRefused);
  const [name, setName] = useState(invitation.name ?? '');
  const [password, setPassword] = useState('');
  const submit = async (): Promise<void> => {
    const lacking = {
      ...(name.trim() === '' ? { name: t('nameMissing') } : {}),
      ...(password === '' ? { password: t('passwordMissing') } : {}),
    };
    const done = await form.send(lacking, async () => {
      const { workspace, email } = await entryApi().acceptInvitation({ secret, name, password });
      return enter({ email, password }, `/w/${workspace}/cases`);
    });
    if (!done) return;
    forgetLinkSecret();
    if (!done.answer) await navigate({ to: '/sign-in' });
  };
  return (
    <Form className={classes.form} onSubmit={submit} onChangeOf={form.touch} isMain>
      <CodeAlert code={form.problem} />
      <TextInput
        type="email"
        name="email"
        autoComplete="username"
        label={t('email')}
        value={invitation.email}
        readOnly
        size="sm"
      />
      <NameField value={name} error={form.errorOf('name')} onChange={setName} />
      <PasswordField
        owner={{ name, email: invitation.email }}
        label={t('password')}
        value={password}
        error={form.errorOf('password')}
        onChange={setPassword}
      />
      <Button type="submit" size="sm" loading={form.isBusy} fullWidth>
        {t('invitation.submit')}
      </Button>
    </Form>
  );
}
