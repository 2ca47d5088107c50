import type { MetricDescription } from './registry.ts';
import { type Contains, type MetricType, Sink, type SinkState } from './sink.ts';

/** What a metric's values of a second come to: one number for each of `COLUMNS` of its type. */
export const COLUMNS = {
  counter: ['count'],
  gauge: ['value'],
  rate: ['rate', 'samples'],
  trend: ['p50', 'p95', 'p99', 'max', 'samples'],
} as const satisfies Record<MetricType, readonly string[]>;

/** A metric over the time of a run. */
export interface MetricSeries {
  readonly type: MetricType;
  readonly contains: Contains;
  /** Seconds since the run began, each with its numbers, in order; seconds without values are left out. */
  readonly points: readonly (readonly number[])[];
}

interface StoredMetric {
  readonly type: MetricType;
  readonly contains: Contains;
  readonly total: Sink;
  /** Seconds that threads may still add to. */
  readonly open: Map<number, Sink>;
  readonly points: number[][];
}

/** A second is closed once all threads have had this long to tell of it. */
const OPEN_SECONDS = 2;

function summarizeSecond(sink: Sink): number[] {
  switch (sink.type) {
    case 'counter':
      return [sink.sum];
    case 'gauge':
      return [sink.value];
    case 'rate':
      return [sink.samples === 0 ? 0 : sink.passes / sink.samples, sink.samples];
    case 'trend': {
      const { sketch } = sink;
      if (!sketch) return [];
      return [sketch.quantile(0.5), sketch.quantile(0.95), sketch.quantile(0.99), sketch.max, sketch.count];
    }
  }
}

/** All values of a run: in all, and second by second. */
export class MetricStore {
  readonly #metrics = new Map<string, StoredMetric>();

  /** Makes room for a metric, or a part of one, that nothing may have come in of. */
  define(key: string, { type, contains }: Pick<MetricDescription, 'type' | 'contains'>): void {
    if (this.#metrics.has(key)) return;
    this.#metrics.set(key, { type, contains, total: new Sink(type), open: new Map(), points: [] });
  }

  merge(second: number, key: string, state: SinkState): void {
    this.define(key, { type: state.type, contains: 'default' });
    this.#at(second, key, (sink) => sink.merge(state));
  }

  add(second: number, key: string, value: number): void {
    this.#at(second, key, (sink) => sink.add(value));
  }

  #at(second: number, key: string, take: (sink: Sink) => void): void {
    const metric = this.#metrics.get(key);
    if (!metric) return;
    take(metric.total);
    let sink = metric.open.get(second);
    if (!sink) {
      sink = new Sink(metric.type);
      metric.open.set(second, sink);
    }
    take(sink);
  }

  /** Closes seconds that nothing more is told of. */
  closeBefore(second: number): void {
    for (const { open, points } of this.#metrics.values()) {
      for (const [at, sink] of open) {
        if (at >= second - OPEN_SECONDS) continue;
        points.push([at, ...summarizeSecond(sink)]);
        open.delete(at);
      }
    }
  }

  total(key: string): Sink | undefined {
    return this.#metrics.get(key)?.total;
  }

  /** All metrics and parts of them, by name. */
  totals(): [string, { readonly contains: Contains; readonly total: Sink }][] {
    return [...this.#metrics];
  }

  series(): Record<string, MetricSeries> {
    this.closeBefore(Number.POSITIVE_INFINITY);
    return Object.fromEntries(
      [...this.#metrics].map(([key, { type, contains, points }]) => [
        key,
        { type, contains, points: points.toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0)) },
      ]),
    );
  }
}
