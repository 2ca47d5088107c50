import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { auth } from '../../api/auth.ts';
import { tellSignedOut } from '../../api/session-news.ts';
import { clearTab } from '../../features/account/tab-owner.ts';
import classes from '../link/link-page.module.css';

interface SignedInAsAnotherProps {
  readonly user: { readonly id: string; readonly name: string; readonly email: string };
  /** The address that was invited. */
  readonly invited: string;
}

/** Somebody else than was invited is signed in in this browser: they sign out first. */
export function SignedInAsAnother({ user, invited }: SignedInAsAnotherProps) {
  const t = useTranslations('entry.invitation');
  const queryClient = useQueryClient();
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle');
  const leave = async (): Promise<void> => {
    setState('busy');
    try {
      const { error } = await auth.signOut();
      if (error && error.status !== 401) throw new Error('The session was not ended', { cause: error });
      clearTab();
      tellSignedOut(user.id);
      setState('idle');
      await queryClient.invalidateQueries({ queryKey: ['signed-in-here'] });
    } catch (error) {
      console.warn('Signing out failed:', error);
      setState('failed');
    }
  };
  return (
    <div className={classes.form}>
      <p>{t('signedInAs', { name: user.name, email: user.email, invited })}</p>
      {state === 'failed' ? <p role="alert">{t('signOutFailed')}</p> : null}
      <Button size="sm" loading={state === 'busy'} onClick={() => void leave()}>
        {t('signOut', { name: user.name })}
      </Button>
    </div>
  );
}
