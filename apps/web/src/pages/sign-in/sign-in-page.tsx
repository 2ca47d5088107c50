import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { leavePage } from '../../api/leave-page.ts';
import { isPageOf } from '../../api/page-person.ts';
import { queryClient } from '../../api/query-client.ts';
import { SignOutNotice } from '../../features/sign-in/sign-out-notice.tsx';
import { WaysIn } from '../../features/sign-in/ways-in.tsx';
import { CodeAlert } from '../../ui/code-alert.tsx';
import { CardPage } from '../card/card-page.tsx';
import { CardTitle } from '../card/card-title.tsx';
import { SetUpNotice } from './set-up-notice.tsx';

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
    <CardPage>
      <CardTitle title={t('title')} texts={[t('subtitle')]} />
      <SignOutNotice isIdle={idle === true} />
      <CodeAlert code={error ?? null} />
      <SetUpNotice />
      <WaysIn target={redirect ?? '/'} onSignedIn={(user) => void enter(user)} />
    </CardPage>
  );
}
