import { Button } from '@mantine/core';
import { IconUserExclamation } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { PageMain } from '../ui/page-main.tsx';
import { StatePage } from '../ui/state-page.tsx';

/** In place of a page whose person is no longer the one who is signed in. Nothing of that person is here any more. */
export function AnotherPersonPage() {
  const t = useTranslations('account');
  return (
    <PageMain>
      <title>{`${t('anotherTitle')} · MeldeSync`}</title>
      <StatePage
        icon={<IconUserExclamation size={24} />}
        title={t('anotherTitle')}
        text={t('anotherText')}
        action={<Button onClick={() => location.replace('/')}>{t('anotherGoOn')}</Button>}
      />
    </PageMain>
  );
}
