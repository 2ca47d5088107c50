import { Button } from '@mantine/core';
import { formatReason } from '@meldesync/client';
import type { OperationsLevel, ServiceLevel } from '@meldesync/protocol';
import { IconCircleCheck, IconCircleDashed, IconCircleHalf, IconPlayerPauseFilled } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { formatAsOf } from '../../../i18n/format.ts';
import { MINUTE_MS, useClock } from '../../../i18n/use-clock.ts';
import classes from './level.module.css';

const LevelDialog = lazy(async () => ({ default: (await import('./level-dialog.tsx')).LevelDialog }));

const ICONS: Readonly<Record<ServiceLevel, typeof IconCircleCheck>> = {
  normal: IconCircleCheck,
  reduced: IconCircleHalf,
  minimal: IconCircleDashed,
  manual: IconPlayerPauseFilled,
};

/** How much the service takes on now, since when and why; and the way to set it. */
export function LevelCard({ level }: { level: OperationsLevel }) {
  const t = useTranslations('operations.level');
  const locale = useLocale();
  const now = useClock(MINUTE_MS);
  const [isAsking, setAsking] = useState(false);
  const { name, since, reasons, chosenBy } = level;
  const Icon = ICONS[name];
  return (
    <section className={classes.card} data-level={name} aria-labelledby="level">
      <Icon size={28} stroke={1.6} className={classes.icon} aria-hidden="true" />
      <div className={classes.words}>
        <h2 id="level" className={classes.title}>
          {t('title')}: <span className={classes.name}>{t(`names.${name}`)}</span>{' '}
          <span className={classes.since}>
            {t('since', { time: formatAsOf(Date.parse(since), now, locale) })} · {t(chosenBy)}
          </span>
        </h2>
        <p>{t(`texts.${name}`)}</p>
        {reasons.length > 0 ? (
          <ul className={classes.reasons} aria-label={t('reasons')}>
            {reasons.map((reason) => (
              <li key={`${reason.cause} ${reason.unit ?? ''}`}>
                {t('reason', {
                  cause: t(`causes.${reason.cause}`),
                  value: formatReason(reason, reason.value, locale),
                  limit: formatReason(reason, reason.limit, locale),
                })}
              </li>
            ))}
          </ul>
        ) : (
          <p className={classes.since}>{t('noReasons')}</p>
        )}
      </div>
      <Button variant="default" onClick={() => setAsking(true)}>
        {t('change')}
      </Button>
      {isAsking ? (
        <Suspense>
          <LevelDialog level={level} onClose={() => setAsking(false)} />
        </Suspense>
      ) : null}
    </section>
  );
}
