import { Button } from '@mantine/core';
import type { ErrorCode } from '@meldesync/protocol';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useEffectEvent } from 'react';
import { useTranslations } from 'use-intl';
import { forgetLinkSecret } from '../../address/link-secret.ts';
import { entryApi } from '../../api/administration.ts';
import { leavePage } from '../../api/leave-page.ts';
import { isPageOf } from '../../api/page-person.ts';
import { queryClient } from '../../api/query-client.ts';
import { SignInForm } from '../../features/sign-in/sign-in-form.tsx';
import { CodeAlert } from '../../ui/code-alert.tsx';
import classes from '../link/link-page.module.css';
import { isLinkProblem } from '../link/link-problem.tsx';
import { useLinkForm } from '../link/use-link-form.ts';

interface AcceptAsKnownProps {
  readonly secret: string;
  readonly email: string;
  /** Who was invited, signed in; null while nobody is. */
  readonly user: { readonly id: string; readonly name: string } | null;
  readonly onSignedIn: () => void;
  readonly onRefused: (code: ErrorCode) => void;
}

/** Accepts an invitation as somebody who has an account: they sign in, and say yes. */
export function AcceptAsKnown({ secret, email, user, onSignedIn, onRefused }: AcceptAsKnownProps) {
  const t = useTranslations('entry.invitation');
  const navigate = useNavigate();
  const form = useLinkForm([]);
  const refuse = useEffectEvent(onRefused);
  useEffect(() => {
    if (form.problem && isLinkProblem(form.problem)) refuse(form.problem);
  }, [form.problem]);
  if (!user)
    return (
      <>
        <p>{t('hasAccount', { email })}</p>
        <SignInForm email={email} onSignedIn={onSignedIn} />
      </>
    );
  const accept = async (): Promise<void> => {
    const done = await form.send({}, () => entryApi().acceptInvitation({ secret }));
    if (!done) return;
    forgetLinkSecret();
    const { workspace } = done.answer;
    if (!isPageOf(user.id)) return leavePage(`/w/${workspace}/cases`);
    queryClient.clear();
    await navigate({ to: '/w/$workspace/cases', params: { workspace }, replace: true });
  };
  return (
    <div className={classes.form}>
      <CodeAlert code={form.problem} />
      <Button size="sm" loading={form.isBusy} onClick={() => void accept()}>
        {t('accept', { name: user.name })}
      </Button>
    </div>
  );
}
