import type { Language } from '@meldesync/domain';
import { lazy, Suspense, useId, useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { formatClock, formatTime } from '../../../i18n/format.ts';
import classes from './chart.module.css';
import type { ChartLine } from './chart-line.ts';
import { type Minute, minutesOf } from './minutes.ts';

const LineChart = lazy(async () => ({ default: (await import('./line-chart.tsx')).LineChart }));

interface ChartFigureProps {
  readonly title: string;
  /** Epoch seconds, ascending; the same array while nothing has changed. */
  readonly times: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly format: (value: number, language: Language) => string;
  /** The axis reaches so far at least. */
  readonly least: number;
  /** As wide as the page. */
  readonly isWide?: boolean;
}

/** A chart with what it says as text: the values of now, or under the pointer, and a table of its minutes. */
export function ChartFigure({ title, times, lines, format, least, isWide = false }: ChartFigureProps) {
  const t = useTranslations('operations.charts');
  const locale = useLocale();
  const titleId = useId();
  const [pointed, setPointed] = useState<number | null>(null);
  const place = pointed === null || pointed >= times.length ? times.length - 1 : pointed;
  const time = times[place];
  return (
    <figure className={classes.figure} data-wide={isWide || undefined} aria-labelledby={titleId}>
      <figcaption className={classes.caption}>
        <h2 id={titleId} className={classes.title}>
          {title}
        </h2>
        <span className={classes.range}>
          {pointed === null || time === undefined ? t('range') : formatClock(time * 1_000, locale)}
        </span>
      </figcaption>
      <ul className={classes.legend}>
        {lines.map(({ label, color, dash, values, isLimit = false }) => {
          const value = values[place] ?? null;
          return (
            <li key={label}>
              <svg width="22" height="8" aria-hidden="true">
                <line
                  x1="0"
                  y1="4"
                  x2="22"
                  y2="4"
                  stroke={`var(${color})`}
                  strokeWidth="2"
                  strokeDasharray={dash.join(' ')}
                />
              </svg>
              {label}
              {isLimit ? null : <strong>{value === null ? '–' : format(value, locale)}</strong>}
            </li>
          );
        })}
      </ul>
      <div className={classes.plot}>
        {times.length === 0 ? (
          <p className={classes.empty}>{t('empty')}</p>
        ) : (
          <Suspense fallback={<p className={classes.empty}>{t('loading')}</p>}>
            <LineChart times={times} lines={lines} format={format} least={least} onPoint={setPointed} />
          </Suspense>
        )}
      </div>
      <details className={classes.details}>
        <summary>
          {t('asTable')}
          <span className="visually-hidden">: {title}</span>
        </summary>
        <MinuteTable title={title} lines={lines} minutes={minutesOf(times, lines)} format={format} />
      </details>
    </figure>
  );
}

interface MinuteTableProps extends Pick<ChartFigureProps, 'title' | 'lines' | 'format'> {
  readonly minutes: readonly Minute[];
}

function MinuteTable({ title, lines, minutes, format }: MinuteTableProps) {
  const t = useTranslations('operations.charts');
  const locale = useLocale();
  return (
    <table className={classes.table}>
      <caption>{t('tableLabel', { chart: title })}</caption>
      <thead>
        <tr>
          <th scope="col">{t('minute')}</th>
          {lines.map(({ label, isLimit = false }) =>
            isLimit ? null : (
              <th key={label} scope="col">
                {label}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>
        {minutes.map(({ at, highest }) => (
          <tr key={at}>
            <th scope="row">{formatTime(at * 1_000, locale)}</th>
            {lines.map(({ label, isLimit = false }, line) => {
              const value = highest[line] ?? null;
              return isLimit ? null : <td key={label}>{value === null ? '–' : format(value, locale)}</td>;
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
