import { useLocale, useTranslations } from 'use-intl';
import { formatAsOf, formatExact, formatMoment } from '../../i18n/format.ts';
import classes from './table.module.css';

interface MomentProps {
  readonly at: string | null;
  readonly now: number;
  /** Of another day, too. */
  readonly withTime?: boolean;
}

/** When something was, short, with the exact time on pointing at it; a word where it never was. */
export function Moment({ at, now, withTime = false }: MomentProps) {
  const t = useTranslations('administration');
  const locale = useLocale();
  if (at === null) return <span className={classes.faint}>{t('never')}</span>;
  return (
    <span title={formatExact(at, locale)}>
      {withTime ? formatAsOf(Date.parse(at), now, locale) : formatMoment(at, now, locale)}
    </span>
  );
}
