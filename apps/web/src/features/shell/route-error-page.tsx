import { Button } from '@mantine/core';
import { SyncError } from '@meldesync/client';
import { IconAlertTriangle, IconPlugConnectedX } from '@tabler/icons-react';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { PageMain } from '../../ui/page-main.tsx';
import { StatePage } from '../../ui/state-page.tsx';

/** When a page cannot be shown: the service is not reachable, or something unexpected happened. */
export function RouteErrorPage({ error, reset }: ErrorComponentProps) {
  const t = useTranslations('shell');
  const router = useRouter();
  const isUnreachable = error instanceof SyncError && error.retryable;
  const retry = async (): Promise<void> => {
    await router.invalidate();
    reset();
  };
  return (
    <PageMain>
      <StatePage
        icon={isUnreachable ? <IconPlugConnectedX size={24} /> : <IconAlertTriangle size={24} />}
        title={isUnreachable ? t('unreachableTitle') : t('errorTitle')}
        text={isUnreachable ? t('unreachableText') : t('errorText')}
        action={<Button onClick={() => void retry()}>{t('retry')}</Button>}
      />
    </PageMain>
  );
}
