import type { Language } from '@meldesync/domain';
import { useEffect, useEffectEvent, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useLocale } from 'use-intl';
import classes from './chart.module.css';
import type { ChartLine } from './chart-line.ts';
import { chartOptions } from './chart-options.ts';

export interface LineChartProps {
  /** Epoch seconds, ascending. */
  readonly times: readonly number[];
  /** As many at each drawing. */
  readonly lines: readonly ChartLine[];
  /** How a value is written at the axis; the same function at each drawing. */
  readonly format: (value: number, language: Language) => string;
  /** The axis reaches so far at least. */
  readonly least: number;
  /** Called with the place in `times` under the pointer, null when there is none. */
  readonly onPoint: (index: number | null) => void;
}

const THEME_ATTRIBUTE = 'data-mantine-color-scheme';

/** Lines over time on a canvas. What they say stands beside it as text: to a screen reader this is nothing. */
export function LineChart({ times, lines, format, least, onPoint }: LineChartProps) {
  const locale = useLocale();
  const hostRef = useRef<HTMLDivElement>(null);
  const plotRef = useRef<uPlot | null>(null);
  const tellPoint = useEffectEvent((plot: uPlot) => onPoint(plot.cursor.idx ?? null));
  /** It is made with what there is, and given newer data without being made anew. */
  const makePlot = useEffectEvent(
    (host: HTMLElement, looks: Pick<LineChartProps, 'format' | 'least'> & { language: Language }) =>
      new uPlot(
        {
          ...chartOptions({ ...looks, lines, format: (value) => looks.format(value, looks.language) }),
          width: host.clientWidth,
          height: host.clientHeight,
          hooks: { setCursor: [tellPoint] },
        },
        dataOf({ times, lines }),
        host,
      ),
  );

  useEffect(() => {
    const host = hostRef.current;
    if (!host) return undefined;
    const plot = makePlot(host, { format, least, language: locale });
    plotRef.current = plot;
    const sizes = new ResizeObserver(() => plot.setSize({ width: host.clientWidth, height: host.clientHeight }));
    sizes.observe(host);
    // Colours are those of the theme at the moment of drawing.
    const themes = new MutationObserver(() => plot.redraw());
    themes.observe(document.documentElement, { attributeFilter: [THEME_ATTRIBUTE] });
    return () => {
      themes.disconnect();
      sizes.disconnect();
      plot.destroy();
      plotRef.current = null;
    };
  }, [format, least, locale]);

  useEffect(() => plotRef.current?.setData(dataOf({ times, lines })), [times, lines]);

  return <div ref={hostRef} className={classes.canvas} aria-hidden="true" />;
}

function dataOf({ times, lines }: Pick<LineChartProps, 'times' | 'lines'>): uPlot.AlignedData {
  return [[...times], ...lines.map(({ values }) => [...values])];
}
