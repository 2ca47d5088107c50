import { Alert } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { finishSignOut, isSignOutPending } from '../../api/pending-sign-out.ts';

/** How often the service is tried, beside when the browser says that there is a network. */
const RETRY_MS = 5_000;

/** Says how the last session ended here, and sees to it that the service hears of a sign-out that it does not know of. */
export function SignOutNotice({ isIdle }: { readonly isIdle: boolean }) {
  const t = useTranslations('signIn');
  const [isPending, setIsPending] = useState(isSignOutPending);
  useEffect(() => {
    if (!isPending) return undefined;
    const end = new AbortController();
    const look = (): void => {
      void finishSignOut().then((outcome) => setIsPending(outcome === 'unheard'));
    };
    look();
    const timer = setInterval(look, RETRY_MS);
    addEventListener('online', look, { signal: end.signal });
    return () => {
      clearInterval(timer);
      end.abort();
    };
  }, [isPending]);
  if (!isPending && !isIdle) return null;
  return (
    <Alert color="gray" variant="light" role="status">
      {isPending ? t('signOutPending') : t('idle')}
    </Alert>
  );
}
