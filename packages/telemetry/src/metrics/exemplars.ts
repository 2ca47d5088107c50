import { METRICS, type MetricDefinition, type MetricName } from '../metrics-catalogue.ts';
import { prometheusName } from '../prometheus-name.ts';
import { labelsKey } from './prometheus-names.ts';

/** A sample and the trace it was taken in. */
export interface Exemplar {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  readonly value: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * The newest exemplar of each bucket of the histograms, since OpenTelemetry for JavaScript keeps none. There are no more of them
 * than series have buckets.
 */
export class Exemplars {
  readonly #families = new Map<string, Map<string, Exemplar>>();

  keep(
    name: MetricName,
    value: number,
    attributes: Readonly<Record<string, string | number>>,
    traceId: string,
    at = Date.now(),
  ): void {
    const definition: MetricDefinition = METRICS[name];
    const bound = definition.buckets?.find((upTo) => value <= upTo);
    const family = prometheusName(name, definition);
    const series = this.#families.get(family) ?? new Map<string, Exemplar>();
    this.#families.set(family, series);
    const le = bound === undefined ? '+Inf' : String(bound);
    series.set(labelsKey(Object.entries({ ...attributes, le })), { traceId, value, at });
  }

  /** Whether a histogram has some, by its name in Prometheus. */
  has(family: string): boolean {
    return this.#families.has(family);
  }

  /** That of a bucket; `labels` are those of its series, with `le`. */
  of(family: string, labels: Iterable<readonly [string, string | number]>): Exemplar | undefined {
    return this.#families.get(family)?.get(labelsKey(labels));
  }
}
