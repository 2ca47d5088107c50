import { useLocale, useTranslations } from 'use-intl';
import { formatClock } from '../../i18n/format.ts';
import { toServerTime } from '../../time/page-time.ts';
import classes from './live-note.module.css';

interface LiveNoteProps {
  /** When it was last heard what is new, by the page's own time. */
  readonly at: number;
  /** The last look failed. */
  readonly isStale: boolean;
  readonly retry: () => void;
}

/** How current the list is; where nothing can be heard, since when. */
export function LiveNote({ at, isStale, retry }: LiveNoteProps) {
  const t = useTranslations('audit.live');
  const locale = useLocale();
  const time = formatClock(toServerTime(at), locale);
  return (
    <p className={classes.note} data-stale={isStale || undefined}>
      <span className={classes.dot} aria-hidden="true" />
      {isStale ? t('stale', { time }) : <span title={t('asOf', { time })}>{t('current')}</span>}
      {isStale ? (
        <button type="button" className={classes.link} onClick={retry}>
          {t('retry')}
        </button>
      ) : null}
      <span role="status" className="visually-hidden">
        {isStale ? t('stale', { time }) : ''}
      </span>
    </p>
  );
}
