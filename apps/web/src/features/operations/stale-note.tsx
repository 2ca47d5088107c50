import { useLocale, useTranslations } from 'use-intl';
import { formatClock } from '../../i18n/format.ts';
import { usePageClock } from '../../i18n/use-clock.ts';
import { toServerTime } from '../../time/page-time.ts';
import classes from './operations.module.css';

const SECOND_MS = 1_000;
/** News come every two seconds: after three that did not come it is said how old these are. */
const STALE_MS = 7_000;

interface StaleNoteProps {
  /** When these news came, by the page's own time. */
  readonly at: number;
  readonly retry: () => void;
}

/** Of when the figures are; and, where none came for a while, how old they have become. Has its place whether or not it speaks. */
export function StaleNote({ at, retry }: StaleNoteProps) {
  const t = useTranslations('operations');
  const locale = useLocale();
  const ageMs = usePageClock(SECOND_MS) - at;
  const time = formatClock(toServerTime(at), locale);
  const isStale = ageMs >= STALE_MS;
  return (
    <p className={classes.asOf} data-stale={isStale || undefined}>
      {isStale ? t('stale', { time, seconds: Math.floor(ageMs / SECOND_MS) }) : t('asOf', { time })}
      {isStale ? (
        <button type="button" className={classes.link} onClick={retry}>
          {t('retryNow')}
        </button>
      ) : null}
      <span role="status" className="visually-hidden">
        {isStale ? t('stale', { time, seconds: STALE_MS / SECOND_MS }) : ''}
      </span>
    </p>
  );
}
