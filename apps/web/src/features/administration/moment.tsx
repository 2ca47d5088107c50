import { useLocale, useTranslations } from 'use-intl';
import { formatExact, formatMoment } from '../../i18n/format.ts';
import classes from './table.module.css';

/** When something was, short, with the exact time on pointing at it; a word where it never was. */
export function Moment({ at, now }: { at: string | null; now: number }) {
  const t = useTranslations('administration');
  const locale = useLocale();
  if (at === null) return <span className={classes.faint}>{t('never')}</span>;
  return <span title={formatExact(at, locale)}>{formatMoment(at, now, locale)}</span>;
}
