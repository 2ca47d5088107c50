import { COLUMNS, type MetricSeries } from '../metrics/metric-store.ts';
import type { ReportChart } from './report-data.ts';

/** What k6 counts of itself; charts of the script's own metrics come before. */
const BUILT_IN = /^(vus|vus_max|iterations|iteration_duration|dropped_iterations|data_|http_|ws_|checks|group_)/;
/** Without a chart: they say nothing that another one does not. */
const LEFT_OUT = new Set([
  'vus_max',
  'http_req_waiting',
  'http_req_receiving',
  'group_duration',
  'ws_session_duration',
]);
/** What a reader looks for first. */
const FIRST = [/appl/, /edit/, /^connections$/, /error|lost|gap|dup|differ/];

/** Which numbers of a second are drawn, by the type of the metric: their places, and what they are called. */
const LINES: Readonly<Record<MetricSeries['type'], readonly (readonly [number, string])[]>> = {
  counter: [[1, 'a second']],
  gauge: [[1, 'value']],
  rate: [[1, 'share']],
  trend: [
    [1, 'p50'],
    [2, 'p95'],
    [3, 'p99'],
  ],
};

function rank(name: string): number {
  const first = FIRST.findIndex((pattern) => pattern.test(name));
  return (BUILT_IN.test(name) ? 10 : 0) + (first === -1 ? FIRST.length : first);
}

/** Open sockets at the end of each second: opened so far, without those whose length is known by then. */
function connections(series: Readonly<Record<string, MetricSeries>>, seconds: readonly number[]): ReportChart[] {
  const opened = series['ws_sessions'];
  if (!opened || opened.points.length === 0) return [];
  const bySecond = (metric: MetricSeries | undefined, place: number) =>
    new Map(metric?.points.map((point) => [point[0], point[place] ?? 0]));
  const begun = bySecond(opened, LINES.counter[0]?.[0] ?? 1);
  const ended = bySecond(series['ws_session_duration'], COLUMNS.trend.indexOf('samples') + 1);
  let open = 0;
  const values = seconds.map((second) => {
    open += (begun.get(second) ?? 0) - (ended.get(second) ?? 0);
    return open;
  });
  return [{ title: 'connections', unit: '', seconds, lines: [{ label: 'open', values }] }];
}

/** A chart for each metric that came to something, the most telling ones first. */
export function makeCharts(series: Readonly<Record<string, MetricSeries>>, seconds: number): ReportChart[] {
  const whole = Array.from({ length: Math.max(1, Math.ceil(seconds)) }, (_, second) => second);
  const charts = Object.entries(series)
    .filter(
      ([name, { points }]) =>
        points.some(([, ...values]) => values.some((value) => value !== 0)) && !LEFT_OUT.has(name),
    )
    .map(([name, metric]) => {
      const bySecond = new Map(metric.points.map((point) => [point[0], point]));
      // A second in which a counter was not raised is one of none; of the others nothing is known.
      const missing = metric.type === 'counter' ? 0 : null;
      return {
        title: name,
        unit: metric.contains === 'time' ? 'ms' : metric.contains === 'data' ? 'bytes' : '',
        seconds: whole,
        lines: LINES[metric.type].map(([place, label]) => ({
          label,
          values: whole.map((second) => bySecond.get(second)?.[place] ?? missing),
        })),
      };
    });
  return [...charts, ...connections(series, whole)].sort(
    (a, b) => rank(a.title) - rank(b.title) || a.title.localeCompare(b.title),
  );
}
