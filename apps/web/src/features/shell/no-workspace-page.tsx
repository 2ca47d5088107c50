import { Button } from '@mantine/core';
import { IconUsersGroup } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { PageMain } from '../../ui/page-main.tsx';
import { StatePage } from '../../ui/state-page.tsx';
import { signOut } from '../account/sign-out.ts';

/** For someone who is signed in but belongs nowhere yet. */
export function NoWorkspacePage() {
  const t = useTranslations('shell');
  const tOffline = useTranslations('offline');
  const confirmLoss = (count: number): boolean => confirm(tOffline('signOutUnsent', { count }));
  return (
    <PageMain>
      <StatePage
        icon={<IconUsersGroup size={24} />}
        title={t('noWorkspaceTitle')}
        text={t('noWorkspaceText')}
        action={
          <Button variant="default" onClick={() => void signOut(confirmLoss)}>
            {t('signOut')}
          </Button>
        }
      />
    </PageMain>
  );
}
