import { Alert } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { entryQuery } from '../../api/entry-query.ts';

/** Says that nobody can sign in yet, and how that begins. Nothing where somebody can, the demo's people too, or that is not known. */
export function SetUpNotice() {
  const t = useTranslations('signIn');
  const { data } = useQuery(entryQuery);
  if (!data?.needsSetUp || data.isDemo) return null;
  return (
    <Alert variant="light" role="note" icon={<IconInfoCircle size={18} />}>
      {t('needsSetUp')}
    </Alert>
  );
}
