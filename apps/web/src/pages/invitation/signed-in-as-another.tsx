import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { signOutHere } from '../../features/account/sign-out.ts';
import classes from '../link/link-page.module.css';
import { useGoOn } from '../link/use-go-on.ts';

interface SignedInAsAnotherProps {
  readonly user: { readonly id: string; readonly name: string; readonly email: string };
  /** The address that was invited. */
  readonly invited: string;
}

/** Somebody else than was invited is signed in in this browser: they sign out first, or leave it. */
export function SignedInAsAnother({ user, invited }: SignedInAsAnotherProps) {
  const t = useTranslations('entry.invitation');
  const queryClient = useQueryClient();
  const goOn = useGoOn();
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle');
  const leave = async (): Promise<void> => {
    setState('busy');
    const isHeard = (await signOutHere(user.id)) !== 'unheard';
    setState(isHeard ? 'idle' : 'failed');
    if (isHeard) await queryClient.invalidateQueries({ queryKey: ['signed-in-here'] });
  };
  return (
    <div className={classes.form}>
      <p>{t('signedInAs', { name: user.name, email: user.email, invited })}</p>
      {state === 'failed' ? <p role="alert">{t('signOutFailed')}</p> : null}
      <Button size="sm" loading={state === 'busy'} onClick={() => void leave()}>
        {t('signOut', { name: user.name })}
      </Button>
      <Button size="sm" variant="default" onClick={() => void goOn(user.id, '/')}>
        {t('stay', { name: user.name })}
      </Button>
    </div>
  );
}
