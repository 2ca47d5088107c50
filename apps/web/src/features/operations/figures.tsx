import { connectionsByTier, formatBytes, formatDelay, formatNumber, formatRate } from '@meldesync/client';
import type { Operations } from '@meldesync/protocol';
import { Fragment, type ReactNode } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import classes from './operations.module.css';

/** Where a figure is a reason to look closer. */
const LATE_MS = 100;
const OLD_CANARY_MS = 6_000;

/** What matters most, as figures of now. */
export function Figures({ operations }: { operations: Operations }) {
  const t = useTranslations('operations.figures');
  const tAll = useTranslations('operations');
  const locale = useLocale();
  const { feed, queue, processes } = operations;
  const last = operations.history.at(-1);
  const none = tAll('none');
  const optional = (value: number | null | undefined, format: (value: number) => string): string =>
    value === null || value === undefined ? none : format(value);
  const delay = (ms: number): string => formatDelay(ms, locale);
  const bytes = (size: number): string => formatBytes(size, locale);
  const rate = (perSecond: number): string => formatRate(perSecond, locale);
  const tiers = connectionsByTier(processes);
  return (
    <dl className={classes.figures} aria-label={t('label')}>
      <Figure
        name={t('p99')}
        value={optional(last?.p99, delay)}
        isBad={(last?.p99 ?? 0) > LATE_MS}
        detail={t('p50', { value: optional(last?.p50, delay) })}
      />
      <Figure
        name={t('edits')}
        value={optional(last?.editsPerSecond, (value) => t('perSecond', { value: rate(value) }))}
        detail={t('deliveries', { value: optional(last?.deliveriesPerSecond, rate) })}
      />
      <Figure
        name={t('connections')}
        value={formatNumber(
          tiers.reduce((sum, { count }) => sum + count, 0),
          locale,
          0,
        )}
        detail={tiers.map(({ tier, count }, place) => (
          <Fragment key={tier}>
            {place > 0 ? ' · ' : null}
            <span className={classes.whole}>
              {tier === 0 ? t('tierNow', { count }) : t('tierSlow', { count, seconds: tier / 1_000 })}
            </span>
          </Fragment>
        ))}
      />
      <Figure
        name={t('lag')}
        value={optional(feed.lagBytes, bytes)}
        detail={
          <>
            <span className={classes.whole}>
              {t('delay', { value: optional(feed.delaySeconds, (seconds) => delay(seconds * 1_000)) })}
            </span>
            {' · '}
            <span className={classes.whole}>{t('buffer', { size: optional(feed.bufferBytes, bytes) })}</span>
          </>
        }
      />
      <Figure
        name={t('canary')}
        value={optional(feed.canaryAgeMs, delay)}
        isBad={(feed.canaryAgeMs ?? 0) > OLD_CANARY_MS}
        detail={t('canaryText')}
      />
      <Figure
        name={t('queue')}
        value={formatNumber(queue.active, locale, 0)}
        detail={
          <>
            {t('queueText', { waiting: queue.waiting, delayed: queue.delayed })}
            {queue.failed > 0 ? (
              <>
                {' · '}
                <span className={classes.failed}>{t('queueFailed', { count: queue.failed })}</span>
              </>
            ) : null}
          </>
        }
      />
    </dl>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly isBad?: boolean;
  readonly detail: ReactNode;
}

function Figure({ name, value, isBad = false, detail }: FigureProps) {
  return (
    <div className={classes.figure}>
      <dt title={name}>{name}</dt>
      <dd>
        <span className={classes.value} data-bad={isBad || undefined}>
          {value}
          {isBad ? ' !' : null}
        </span>
        <span className={classes.detail}>{detail}</span>
      </dd>
    </div>
  );
}
