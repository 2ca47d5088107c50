import { Button } from '@mantine/core';
import { IconAlertTriangle, IconPlugConnectedX } from '@tabler/icons-react';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { isUnreachable } from '../api/api.ts';
import { PageMain } from '../ui/page-main.tsx';
import { StatePage } from '../ui/state-page.tsx';

/** When a page cannot be shown: the service is not reachable, or something unexpected happened. */
export function RouteErrorPage({ error, reset }: ErrorComponentProps) {
  const t = useTranslations('shell');
  const router = useRouter();
  const isOutage = isUnreachable(error);
  const retry = async (): Promise<void> => {
    await router.invalidate();
    reset();
  };
  return (
    <PageMain>
      <StatePage
        icon={isOutage ? <IconPlugConnectedX size={24} /> : <IconAlertTriangle size={24} />}
        title={isOutage ? t('unreachableTitle') : t('errorTitle')}
        text={isOutage ? t('unreachableText') : t('errorText')}
        action={<Button onClick={() => void retry()}>{t('retry')}</Button>}
      />
    </PageMain>
  );
}
