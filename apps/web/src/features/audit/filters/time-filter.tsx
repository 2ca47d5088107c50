import { useTranslations } from 'use-intl';
import { AUDIT_RANGES, localDay, withTime } from '../../../address/audit-search.ts';
import { MINUTE_MS, useClock } from '../../../i18n/use-clock.ts';
import { DayField } from '../../../ui/day-field.tsx';
import type { MenuContentProps } from '../../../ui/menu-button.tsx';
import { OpenPopover } from '../../../ui/open-popover.tsx';
import classes from './filters.module.css';
import { useTrailFilter } from './trail-filter.ts';

/** From when to when: a span that ends now, or days. */
export function TimeFilter({ label, onClose }: MenuContentProps) {
  const t = useTranslations('audit.filters');
  const { search, change } = useTrailFilter();
  const { range, from, to } = search;
  const today = localDay(useClock(MINUTE_MS));
  const chosen = range ?? (from === undefined && to === undefined ? 'all' : null);
  const setDays = (days: { from?: string; to?: string }): void => {
    const next = { from, to, ...days };
    change((current) =>
      withTime(current, { ...(next.from ? { from: next.from } : {}), ...(next.to ? { to: next.to } : {}) }),
    );
  };
  return (
    <OpenPopover label={label} onClose={onClose} width={276} position="bottom-start">
      <div className={classes.choices} role="radiogroup" aria-label={t('time')}>
        {(['all', ...AUDIT_RANGES] as const).map((name) => (
          <label key={name} className={classes.choice}>
            <input
              type="radio"
              name="audit-range"
              checked={chosen === name}
              data-autofocus={(chosen ?? 'all') === name || undefined}
              onChange={() => change((current) => withTime(current, name === 'all' ? {} : { range: name }))}
            />
            {t(`ranges.${name}`)}
          </label>
        ))}
      </div>
      <div className={classes.days}>
        <DayField
          label={t('from')}
          value={from ?? ''}
          min="2000-01-01"
          max={to ?? today}
          onChange={(day) => setDays({ from: day })}
        />
        <DayField
          label={t('to')}
          value={to ?? ''}
          min={from ?? '2000-01-01'}
          max={today}
          onChange={(day) => setDays({ to: day })}
        />
      </div>
    </OpenPopover>
  );
}
