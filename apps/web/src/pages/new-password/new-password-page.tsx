import { Button, Loader } from '@mantine/core';
import type { ShownPasswordLink } from '@meldesync/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { forgetLinkSecret } from '../../address/link-secret.ts';
import { entryApi } from '../../api/administration.ts';
import { errorCodeOf } from '../../api/api.ts';
import { PasswordField } from '../../features/account/password-field.tsx';
import { formatMinute } from '../../i18n/format.ts';
import { CodeAlert } from '../../ui/code-alert.tsx';
import { Form } from '../../ui/form.tsx';
import { CardTitle } from '../card/card-title.tsx';
import { isLinkProblem } from '../link/form-problem.ts';
import classes from '../link/link-page.module.css';
import { LinkPage } from '../link/link-page.tsx';
import { LinkProblem } from '../link/link-problem.tsx';
import { useEnter } from '../link/use-enter.ts';
import { useLinkForm } from '../link/use-link-form.ts';
import { useLinkSecret } from '../link/use-link-secret.ts';

const FIELDS = ['password'] as const;

/** Where somebody chooses a password by a link that an administrator has given them. */
export function NewPasswordPage() {
  return (
    <LinkPage>
      <NewPassword />
    </LinkPage>
  );
}

function NewPassword() {
  const t = useTranslations('entry');
  const secret = useLinkSecret();
  const [isDone, setDone] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['password-link', secret],
    queryFn: ({ signal }) => entryApi().lookAtPasswordLink(secret ?? '', { signal }),
    enabled: secret !== null,
    retry: false,
    // It is used up once: what was looked up stays until then.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const texts = { expired: t('newPassword.expiredText'), used: t('newPassword.usedText') };
  if (isDone)
    return (
      <div role="status" className={classes.form}>
        <CardTitle title={t('newPassword.doneTitle')} texts={[t('newPassword.doneText')]} />
        <Button size="sm" component={Link} to="/sign-in">
          {t('toSignIn')}
        </Button>
      </div>
    );
  if (secret === null) return <LinkProblem code={null} texts={texts} />;
  if (error) return <LinkProblem code={errorCodeOf(error)} texts={texts} onRetry={() => void refetch()} />;
  if (!data) return <Loader size="sm" role="status" aria-label={t('loading')} />;
  return <PasswordForm key={secret} secret={secret} link={data} texts={texts} onDone={() => setDone(true)} />;
}

interface PasswordFormProps {
  readonly secret: string;
  readonly link: ShownPasswordLink;
  readonly texts: { readonly expired: string; readonly used: string };
  /** Called when the password is set but more is needed to sign in. */
  readonly onDone: () => void;
}

function PasswordForm({ secret, link, texts, onDone }: PasswordFormProps) {
  const t = useTranslations('entry');
  const locale = useLocale();
  const enter = useEnter();
  const form = useLinkForm(FIELDS);
  const [password, setPassword] = useState('');
  const submit = async (): Promise<void> => {
    const lacking = password === '' ? { password: t('passwordMissing') } : {};
    const done = await form.send(lacking, async () => {
      await entryApi().choosePassword(secret, password);
      return enter({ email: link.email, password }, '/');
    });
    if (!done) return;
    forgetLinkSecret();
    if (!done.answer) onDone();
  };
  if (form.problem && isLinkProblem(form.problem)) return <LinkProblem code={form.problem} texts={texts} />;
  return (
    <>
      <CardTitle title={t('newPassword.title')} texts={[t('newPassword.text', { email: link.email })]} />
      <Form className={classes.form} onSubmit={submit} onChangeOf={form.touch} isMain>
        <CodeAlert code={form.problem} />
        {/* Where browsers keep passwords, they keep it with this. */}
        <input type="text" name="username" autoComplete="username" value={link.email} readOnly hidden />
        <PasswordField
          owner={{ name: link.name, email: link.email }}
          label={t('chosenPassword')}
          value={password}
          error={form.errorOf('password')}
          onChange={setPassword}
        />
        <Button type="submit" size="sm" loading={form.isBusy} fullWidth>
          {t('newPassword.submit')}
        </Button>
      </Form>
      <p className={classes.hint}>{t('newPassword.expires', { date: formatMinute(link.expiresAt, locale) })}</p>
    </>
  );
}
