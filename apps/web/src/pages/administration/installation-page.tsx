import { Button } from '@mantine/core';
import { IconLogout } from '@tabler/icons-react';
import { Link, useNavigate, useParams, useRouteContext, useSearch } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { ReauthenticateDialog } from '../../features/account/reauthenticate-dialog.tsx';
import { useSignOut } from '../../features/account/use-sign-out.ts';
import { AdministrationTexts } from '../../features/administration/administration-texts.tsx';
import { useLookAgain } from '../../features/administration/use-look-again.ts';
import { PageMain } from '../../ui/page-main.tsx';
import { Wordmark } from '../../ui/wordmark.tsx';
import { AdministrationView } from './administration-view.tsx';
import classes from './installation-page.module.css';
import type { Place } from './place.ts';

/** Verwaltung of the installation, for who need not belong to any workspace. */
export function InstallationPage() {
  const { me } = useRouteContext({ from: '/signed-in' });
  const { section } = useParams({ from: '/signed-in/administration/$section' });
  const search = useSearch({ from: '/signed-in/administration/$section' });
  const navigate = useNavigate();
  const t = useTranslations('shell');
  const leave = useSignOut();
  useLookAgain();
  const place: Place = {
    workspace: null,
    go: (name, next) => navigate({ to: '/administration/$section', params: { section: name }, search: next }),
  };
  return (
    <div className={classes.frame}>
      <header className={classes.header}>
        <Link to="/" className={classes.home} aria-label="MeldeSync">
          <Wordmark />
        </Link>
        <strong className={classes.title}>{t('administration')}</strong>
        {me.workspaces.length > 0 ? (
          <Link to="/" className={classes.link}>
            {t('toCases')}
          </Link>
        ) : null}
        <span className={classes.person}>{me.user.name}</span>
        <Button
          className={classes.signOut ?? ''}
          variant="default"
          leftSection={<IconLogout size={15} />}
          onClick={leave}
        >
          {t('signOut')}
        </Button>
      </header>
      <PageMain className={classes.content}>
        <AdministrationTexts>
          <AdministrationView
            me={me}
            place={place}
            section={section}
            search={search}
            mayAdminister={me.user.isInstallationAdmin === true}
          />
        </AdministrationTexts>
      </PageMain>
      <ReauthenticateDialog />
    </div>
  );
}
