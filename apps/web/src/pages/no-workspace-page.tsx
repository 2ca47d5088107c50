import { Button } from '@mantine/core';
import { IconUsersGroup } from '@tabler/icons-react';
import { Link, useRouteContext } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useSignOut } from '../features/account/use-sign-out.ts';
import { PageMain } from '../ui/page-main.tsx';
import { StatePage } from '../ui/state-page.tsx';
import classes from './no-workspace-page.module.css';
import { TryAgain } from './try-again.tsx';

/** For someone who is signed in but belongs nowhere yet. Who administers the installation can do something about it. */
export function NoWorkspacePage() {
  const t = useTranslations('shell');
  const { me } = useRouteContext({ from: '/signed-in' });
  const leave = useSignOut();
  const isAdmin = me.user.isInstallationAdmin === true;
  return (
    <PageMain>
      <title>{`${t('noWorkspaceTitle')} · MeldeSync`}</title>
      <StatePage
        icon={<IconUsersGroup size={24} />}
        title={t('noWorkspaceTitle')}
        text={isAdmin ? t('noWorkspaceAdminText') : t('noWorkspaceText')}
        action={
          <div className={classes.actions}>
            {isAdmin ? (
              <Button component={Link} to="/administration">
                {t('openAdministration')}
              </Button>
            ) : null}
            <TryAgain />
            <Button variant="default" onClick={leave}>
              {t('signOut')}
            </Button>
          </div>
        }
      />
    </PageMain>
  );
}
