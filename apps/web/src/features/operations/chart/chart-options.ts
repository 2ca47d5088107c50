import type { Language } from '@meldesync/domain';
import type uPlot from 'uplot';
import { formatTime } from '../../../i18n/format.ts';
import type { ChartLine } from './chart-line.ts';

/** What a chart shows: the last quarter of an hour. */
const SPAN_SECONDS = 15 * 60;
/** Of labels at the axis: minutes, so that none says the same as the one before. */
const TIME_STEPS = [60, 120, 180, 300];
const AXIS_WIDTH = 62;
const AXIS_HEIGHT = 28;

interface ChartLooks {
  readonly lines: readonly ChartLine[];
  readonly least: number;
  readonly format: (value: number) => string;
  readonly language: Language;
}

/** How a chart looks. Colours are read when they are drawn with, so that they follow the theme. */
export function chartOptions({ lines, least, format, language }: ChartLooks): Omit<uPlot.Options, 'width' | 'height'> {
  const axis = {
    stroke: () => token('--text-3'),
    font: `11px ${token('--font-sans')}`,
    grid: { stroke: () => token('--line'), width: 1 },
    ticks: { show: false },
  } satisfies uPlot.Axis;
  return {
    legend: { show: false },
    cursor: { y: false, drag: { setScale: false, x: false, y: false }, points: { size: 6 } },
    scales: {
      x: { time: true, range: (_plot, _first, last) => [last - SPAN_SECONDS, last] },
      y: { range: { min: { pad: 0, hard: 0, soft: 0, mode: 1 }, max: { pad: 0.1, soft: least, mode: 1 } } },
    },
    axes: [
      {
        ...axis,
        size: AXIS_HEIGHT,
        space: 70,
        incrs: TIME_STEPS,
        values: (_plot, times) => times.map((seconds) => formatTime(seconds * 1_000, language)),
      },
      { ...axis, size: AXIS_WIDTH, space: 34, values: (_plot, values) => values.map(format) },
    ],
    series: [
      {},
      ...lines.map(
        ({ label, color, dash, isLimit = false }): uPlot.Series => ({
          label,
          stroke: () => token(color),
          width: isLimit ? 1 : 1.5,
          dash: [...dash],
          points: { show: false },
          spanGaps: false,
        }),
      ),
    ],
  };
}

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
