import { Button } from '@mantine/core';
import { IconCompassOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { PageMain } from '../ui/page-main.tsx';
import { StatePage } from '../ui/state-page.tsx';
import classes from './not-found-page.module.css';
import { TryAgain } from './try-again.tsx';

/** For an address nobody knows, and for a workspace the person does not belong to. */
export function NotFoundPage({ data }: { data?: unknown }) {
  const t = useTranslations('shell');
  const isWorkspace = data === 'workspace';
  return (
    <PageMain>
      <StatePage
        icon={<IconCompassOff size={24} />}
        title={isWorkspace ? t('workspaceNotFoundTitle') : t('notFoundTitle')}
        text={isWorkspace ? t('workspaceNotFoundText') : t('notFoundText')}
        action={
          <div className={classes.actions}>
            <Button component={Link} to="/" variant="default">
              {t('toCases')}
            </Button>
            {isWorkspace ? <TryAgain /> : null}
          </div>
        }
      />
    </PageMain>
  );
}
