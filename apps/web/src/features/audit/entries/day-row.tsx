import { useLocale, useTranslations } from 'use-intl';
import { localDay } from '../../../address/audit-search.ts';
import { formatWeekday } from '../../../i18n/format.ts';
import { MINUTE_MS, useClock } from '../../../i18n/use-clock.ts';
import classes from './entries.module.css';

const DAY_MS = 86_400_000;

/** The day whose entries follow. */
export function DayRow({ day, line, top }: { day: string; line: number; top: number }) {
  const t = useTranslations('audit');
  const locale = useLocale();
  const now = useClock(MINUTE_MS);
  const name = day === localDay(now) ? t('today') : day === localDay(now - DAY_MS) ? t('yesterday') : null;
  return (
    <div
      role="row"
      aria-rowindex={line + 2}
      className={classes.day}
      data-line={line}
      style={{ transform: `translateY(${top}px)` }}
    >
      <div role="gridcell" aria-colspan={6} className={classes.dayCell}>
        {name === null ? null : <strong>{name}</strong>}
        <span>{formatWeekday(day, locale)}</span>
      </div>
    </div>
  );
}
