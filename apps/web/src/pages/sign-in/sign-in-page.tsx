import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { leavePage } from '../../api/leave-page.ts';
import { isPageOf } from '../../api/page-person.ts';
import { queryClient } from '../../api/query-client.ts';
import { SignInError } from '../../features/sign-in/sign-in-error.tsx';
import { SignOutNotice } from '../../features/sign-in/sign-out-notice.tsx';
import { WaysIn } from '../../features/sign-in/ways-in.tsx';
import { Wordmark } from '../../ui/wordmark.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import { SetUpNotice } from './set-up-notice.tsx';
import classes from './sign-in-page.module.css';

export function SignInPage() {
  const t = useTranslations('signIn');
  const { redirect, idle, error } = useSearch({ from: '/sign-in' });
  const navigate = useNavigate();
  const router = useRouter();

  const enter = async (user: string): Promise<void> => {
    if (!isPageOf(user)) return leavePage('/');
    queryClient.clear();
    if (redirect) router.history.push(redirect);
    else await navigate({ to: '/' });
  };

  return (
    <main className={classes.page}>
      <title>{`${t('title')} · MeldeSync`}</title>
      <div className={classes.card}>
        <Wordmark size={28} />
        <div>
          <h1 className={classes.title}>{t('title')}</h1>
          <p className={classes.subtitle}>{t('subtitle')}</p>
        </div>
        <SignOutNotice isIdle={idle === true} />
        <SetUpNotice />
        <SignInError code={error} />
        <WaysIn target={redirect ?? '/'} onSignedIn={(user) => void enter(user)} />
      </div>
      <LanguageSwitch />
    </main>
  );
}
