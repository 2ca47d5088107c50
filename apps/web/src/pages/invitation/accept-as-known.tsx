import { Button } from '@mantine/core';
import type { ErrorCode } from '@meldesync/protocol';
import { useTranslations } from 'use-intl';
import { forgetLinkSecret } from '../../address/link-secret.ts';
import { entryApi } from '../../api/administration.ts';
import { SignInForm } from '../../features/sign-in/sign-in-form.tsx';
import { CodeAlert } from '../../ui/code-alert.tsx';
import classes from '../link/link-page.module.css';
import { useGoOn } from '../link/use-go-on.ts';
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
  const goOn = useGoOn();
  const form = useLinkForm([], onRefused);
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
    await goOn(user.id, `/w/${workspace}/cases`);
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
