import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { forgetLinkSecret } from '../../address/link-secret.ts';
import { entryApi } from '../../api/administration.ts';
import { entryQuery } from '../../api/entry-query.ts';
import { PasswordField } from '../../features/account/password-field.tsx';
import { CodeAlert } from '../../ui/code-alert.tsx';
import { Form } from '../../ui/form.tsx';
import { CardTitle } from '../card/card-title.tsx';
import { isLinkProblem } from '../link/form-problem.ts';
import classes from '../link/link-page.module.css';
import { LinkPage } from '../link/link-page.tsx';
import { LinkProblem } from '../link/link-problem.tsx';
import { NameField, TextField } from '../link/text-field.tsx';
import { useEnter } from '../link/use-enter.ts';
import { useLinkForm } from '../link/use-link-form.ts';
import { useLinkSecret } from '../link/use-link-secret.ts';

const FIELDS = ['name', 'email', 'password', 'workspace'] as const;

/** The first thing that is done with an installation: its first administrator and workspace. */
export function SetUpPage() {
  return (
    <LinkPage>
      <SetUp />
    </LinkPage>
  );
}

function SetUp() {
  const t = useTranslations('entry.setUp');
  const secret = useLinkSecret();
  const { data: entry } = useQuery(entryQuery);
  const [isDone, setDone] = useState(false);
  const texts = { expired: t('expiredText'), used: t('usedText') };
  // While it is being set up it is set up already, and the form goes on.
  const [wasOpen, setWasOpen] = useState(false);
  if (entry?.needsSetUp && !wasOpen) setWasOpen(true);
  if (isDone || (entry?.needsSetUp === false && !wasOpen)) return <Done />;
  if (secret === null) return <LinkProblem code={null} texts={texts} />;
  return <SetUpForm key={secret} secret={secret} texts={texts} onDone={() => setDone(true)} />;
}

function Done() {
  const t = useTranslations('entry');
  return (
    <div role="alert" className={classes.form}>
      <CardTitle title={t('setUp.doneTitle')} texts={[t('setUp.doneText')]} />
      <Button size="sm" component={Link} to="/sign-in">
        {t('toSignIn')}
      </Button>
    </div>
  );
}

interface SetUpFormProps {
  readonly secret: string;
  readonly texts: { readonly expired: string; readonly used: string };
  /** Called when there is nothing to set up any more. */
  readonly onDone: () => void;
}

/** Who administers first, and the first workspace. Long for its markup. */
function SetUpForm({ secret, texts, onDone }: SetUpFormProps) {
  const t = useTranslations('entry');
  const enter = useEnter();
  const form = useLinkForm(FIELDS);
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [workspace, setWorkspace] = useState('');
  const submit = async (): Promise<void> => {
    const lacking = {
      ...(name.trim() === '' ? { name: t('nameMissing') } : {}),
      ...(email.trim() === '' ? { email: t('emailMissing') } : {}),
      ...(password === '' ? { password: t('passwordMissing') } : {}),
      ...(workspace.trim() === '' ? { workspace: t('workspaceMissing') } : {}),
    };
    const done = await form.send(lacking, async () => {
      const made = await entryApi().setUp({ secret, name, email, password, workspace });
      const href = `/w/${made.workspace}/administration/invitations?first=true`;
      return enter({ email: made.email, password }, href);
    });
    if (!done) return;
    forgetLinkSecret();
    if (!done.answer) onDone();
  };
  if (form.problem === 'set-up-done') return <Done />;
  if (form.problem && isLinkProblem(form.problem)) return <LinkProblem code={form.problem} texts={texts} />;
  return (
    <>
      <CardTitle title={t('setUp.title')} texts={[t('setUp.text')]} />
      <Form className={classes.form} onSubmit={submit} onChangeOf={form.touch} isMain>
        <CodeAlert code={form.problem} />
        <fieldset className={classes.group}>
          <legend className={classes.legend}>{t('setUp.you')}</legend>
          <NameField value={name} error={form.errorOf('name')} onChange={setName} />
          <TextField
            type="email"
            name="email"
            autoComplete="username"
            label={t('email')}
            value={email}
            error={form.errorOf('email')}
            onChange={setEmail}
          />
          <PasswordField
            owner={{ name, email }}
            label={t('password')}
            value={password}
            error={form.errorOf('password')}
            onChange={setPassword}
          />
        </fieldset>
        <fieldset className={classes.group}>
          <legend className={classes.legend}>{t('setUp.workspace')}</legend>
          <TextField
            name="workspace"
            autoComplete="off"
            label={t('name')}
            description={t('setUp.workspaceText')}
            value={workspace}
            error={form.errorOf('workspace')}
            onChange={setWorkspace}
          />
        </fieldset>
        <Button type="submit" size="sm" loading={form.isBusy} fullWidth>
          {t('setUp.submit')}
        </Button>
      </Form>
    </>
  );
}
