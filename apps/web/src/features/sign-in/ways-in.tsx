import { Divider, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { entryQuery } from '../../api/entry-query.ts';
import { SignInForm } from './sign-in-form.tsx';
import { SingleSignOnButton } from './single-sign-on-button.tsx';
import classes from './ways-in.module.css';
import { WithoutPassword } from './without-password.tsx';

interface WaysInProps {
  /** Called with the person's id once the browser holds a session. */
  readonly onSignedIn: (userId: string) => void;
  /** Where single sign-on leads back to: a path of this application. */
  readonly target: string;
}

/** The ways to sign in that there are here: single sign-on, a password, a passkey. */
export function WaysIn({ onSignedIn, target }: WaysInProps) {
  const t = useTranslations('signIn');
  const { data: entry, isPending } = useQuery(entryQuery);
  if (isPending) return <Skeleton height={180} aria-hidden />;
  const singleSignOn = entry?.singleSignOn ?? null;
  // Where the service does not answer, trying to sign in says so.
  const hasPasswords = entry?.passwords ?? true;
  return (
    <div className={classes.ways}>
      {singleSignOn ? <SingleSignOnButton name={singleSignOn.name} target={target} isOnly={!hasPasswords} /> : null}
      {singleSignOn ? <Divider label={t('or')} /> : null}
      {hasPasswords ? <SignInForm onSignedIn={onSignedIn} /> : <WithoutPassword onSignedIn={onSignedIn} />}
    </div>
  );
}
