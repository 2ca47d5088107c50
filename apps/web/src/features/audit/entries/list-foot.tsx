import { Button, Skeleton } from '@mantine/core';
import { useLocale, useTranslations } from 'use-intl';
import { formatMinute } from '../../../i18n/format.ts';
import classes from './entries.module.css';
import type { Trail } from './use-trail.ts';

interface ListFootProps {
  readonly trail: Trail;
  /** Where there is no more. */
  readonly end: string;
  /** Takes the focus of the button that leads away, which goes with the end of the list. */
  readonly onLeave: () => void;
}

/** What is below the last entry that is loaded: that there is no more, that more is coming, or how to get it. */
export function ListFoot({ trail, end, onLeave }: ListFootProps) {
  const t = useTranslations('audit');
  const tShell = useTranslations('shell');
  const locale = useLocale();
  const { older, newer, loadOlder, loadNewer, searchedTo, begin } = trail;
  if (older === 'failed' || newer === 'failed')
    return (
      <div className={classes.foot} role="alert">
        <span>{t(older === 'failed' ? 'olderFailed' : 'newerFailed')}</span>
        <Button size="compact-sm" variant="default" onClick={older === 'failed' ? loadOlder : loadNewer}>
          {tShell('retry')}
        </Button>
      </div>
    );
  if (older === 'none') return <p className={classes.foot}>{end}</p>;
  return (
    <div className={classes.more}>
      <span className="visually-hidden">{t('loadingOlder')}</span>
      <Skeleton height={12} width="60%" />
      <Skeleton height={12} width="45%" />
      <div className={classes.on}>
        {searchedTo === null ? null : <span>{t('searchedTo', { time: formatMinute(searchedTo, locale) })}</span>}
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => {
            onLeave();
            begin('oldest');
          }}
        >
          {t('toOldest')}
        </Button>
      </div>
    </div>
  );
}
