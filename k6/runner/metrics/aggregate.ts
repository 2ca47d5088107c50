import type { MetricType, Sink } from './sink.ts';

/** What a threshold or the summary can ask of a metric of each type; `p(N)` besides, of a trend. */
const AGGREGATES: Readonly<Record<MetricType, Readonly<Record<string, (sink: Sink, seconds: number) => number>>>> = {
  counter: { count: (sink) => sink.sum, rate: (sink, seconds) => (seconds > 0 ? sink.sum / seconds : 0) },
  gauge: { value: (sink) => sink.value },
  rate: { rate: (sink) => (sink.samples > 0 ? sink.passes / sink.samples : 0) },
  trend: {
    avg: ({ sketch }) => sketch?.average ?? 0,
    min: ({ sketch }) => sketch?.min ?? 0,
    max: ({ sketch }) => sketch?.max ?? 0,
    med: ({ sketch }) => sketch?.quantile(0.5) ?? 0,
  },
};

/** The `N` of `p(N)`. */
function percentileOf(name: string): number | undefined {
  const [, percent] = /^p\((\d+(?:\.\d+)?)\)$/.exec(name) ?? [];
  return percent === undefined || Number(percent) > 100 ? undefined : Number(percent);
}

export function isAggregate(type: MetricType, name: string): boolean {
  return Object.hasOwn(AGGREGATES[type], name) || (type === 'trend' && percentileOf(name) !== undefined);
}

/** @param seconds how long the run has taken */
export function aggregate(sink: Sink, name: string, seconds: number): number {
  const percent = percentileOf(name);
  if (percent !== undefined && sink.type === 'trend') return sink.sketch?.quantile(percent / 100) ?? 0;
  return AGGREGATES[sink.type][name]?.(sink, seconds) ?? Number.NaN;
}
