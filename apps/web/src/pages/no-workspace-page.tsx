import { Button } from '@mantine/core';
import { IconUsersGroup } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { useSignOut } from '../features/account/use-sign-out.ts';
import { PageMain } from '../ui/page-main.tsx';
import { StatePage } from '../ui/state-page.tsx';

/** For someone who is signed in but belongs nowhere yet. */
export function NoWorkspacePage() {
  const t = useTranslations('shell');
  const leave = useSignOut();
  return (
    <PageMain>
      <StatePage
        icon={<IconUsersGroup size={24} />}
        title={t('noWorkspaceTitle')}
        text={t('noWorkspaceText')}
        action={
          <Button variant="default" onClick={leave}>
            {t('signOut')}
          </Button>
        }
      />
    </PageMain>
  );
}
