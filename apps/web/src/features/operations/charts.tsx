import { formatBytes, formatDelay, formatNumber, formatRate } from '@meldesync/client';
import type { Language } from '@meldesync/domain';
import type { OperationsPoint } from '@meldesync/protocol';
import { useMemo } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { ChartFigure } from './chart/chart-figure.tsx';
import type { ChartLine } from './chart/chart-line.ts';
import classes from './operations.module.css';

/** So soon a change is to be on all screens (R1.2). */
const TARGET_MS = 100;

const SOLID: readonly number[] = [];
const DASHED = [7, 4];
const DOTTED = [2, 3];
const WIDE = [10, 5];
const MIXED = [10, 3, 2, 3];

const whole = (value: number, language: Language): string => formatNumber(value, language, 0);

/** What the last quarter of an hour was like. */
export function Charts({ history }: { history: readonly OperationsPoint[] }) {
  const t = useTranslations('operations.charts');
  const locale = useLocale();
  const { times, latency, edits, deliveries, connections, lag } = useMemo(() => {
    const column = <Name extends keyof OperationsPoint>(name: Name) => history.map((point) => point[name]);
    const line = (label: string, color: ChartLine['color'], dash: readonly number[], values: ChartLine['values']) => ({
      label,
      color,
      dash,
      values,
    });
    return {
      times: history.map(({ at }) => Date.parse(at) / 1_000),
      latency: [
        line('p50', '--accent', SOLID, column('p50')),
        line('p95', '--person-0', DASHED, column('p95')),
        line('p99', '--person-2', DOTTED, column('p99')),
        line(
          t('answer'),
          '--person-5',
          MIXED,
          history.map(({ answerP95 = null }) => answerP95),
        ),
        {
          ...line(
            t('limit', { value: formatDelay(TARGET_MS, locale) }),
            '--bad',
            WIDE,
            history.map(() => TARGET_MS),
          ),
          isLimit: true,
        },
      ],
      edits: [
        line(t('edits'), '--accent', SOLID, column('editsPerSecond')),
        line(t('errors'), '--bad', DOTTED, column('errorsPerSecond')),
      ],
      deliveries: [line(t('deliveries'), '--accent', SOLID, column('deliveriesPerSecond'))],
      connections: [line(t('connections'), '--accent', SOLID, column('connections'))],
      lag: [line(t('lag'), '--accent', SOLID, column('feedLagBytes'))],
    };
  }, [history, t, locale]);
  return (
    <div className={classes.charts}>
      <ChartFigure
        title={t('latency')}
        times={times}
        lines={latency}
        format={formatDelay}
        least={TARGET_MS * 1.2}
        isWide
      />
      <ChartFigure title={t('editsTitle')} times={times} lines={edits} format={formatRate} least={5} />
      <ChartFigure title={t('deliveriesTitle')} times={times} lines={deliveries} format={formatRate} least={50} />
      <ChartFigure title={t('connections')} times={times} lines={connections} format={whole} least={10} />
      <ChartFigure title={t('lag')} times={times} lines={lag} format={formatBytes} least={100_000} />
    </div>
  );
}
