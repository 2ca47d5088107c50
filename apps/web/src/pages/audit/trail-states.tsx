import { Button, Skeleton } from '@mantine/core';
import { describeError } from '@meldesync/protocol';
import { IconCloudOff, IconFilterOff, IconHistory } from '@tabler/icons-react';
import { useLocale, useTranslations } from 'use-intl';
import { errorCodeOf, isUnreachable } from '../../api/api.ts';
import { formatMinute } from '../../i18n/format.ts';
import { StatePage } from '../../ui/state-page.tsx';
import classes from './audit-page.module.css';

/** Until the first entries are there; where much is looked through, how far that is. */
export function TrailLoading({ searchedTo }: { searchedTo: string | null }) {
  const t = useTranslations('audit');
  const locale = useLocale();
  return (
    <div className={classes.skeleton}>
      <span role="status" className="visually-hidden">
        {t('loading')}
      </span>
      {searchedTo === null ? null : <p>{t('nothingYet', { time: formatMinute(searchedTo, locale) })}</p>}
      {['70%', '55%', '80%', '62%', '74%', '50%'].map((width) => (
        <Skeleton key={width} height={14} width={width} />
      ))}
    </div>
  );
}

/** They do not come. */
export function TrailError({ error, retry }: { error: Error; retry: () => void }) {
  const t = useTranslations('audit');
  const tShell = useTranslations('shell');
  const locale = useLocale();
  return (
    <StatePage
      heading="h2"
      icon={<IconCloudOff size={24} />}
      title={t('errorTitle')}
      text={isUnreachable(error) ? tShell('unreachableText') : describeError(errorCodeOf(error), locale)}
      action={<Button onClick={retry}>{tShell('retry')}</Button>}
    />
  );
}

/** There are none, or none that fits. */
export function TrailEmpty({ isNarrowed, onReset }: { isNarrowed: boolean; onReset: () => void }) {
  const t = useTranslations('audit');
  if (!isNarrowed)
    return <StatePage heading="h2" icon={<IconHistory size={24} />} title={t('emptyTitle')} text={t('emptyText')} />;
  return (
    <StatePage
      heading="h2"
      icon={<IconFilterOff size={24} />}
      title={t('noMatchTitle')}
      text={t('noMatchText')}
      action={
        <Button variant="default" onClick={onReset}>
          {t('noMatchAction')}
        </Button>
      }
    />
  );
}
