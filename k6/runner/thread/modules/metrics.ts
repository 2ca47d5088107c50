import type * as metrics from 'k6/metrics';
import { emit, type Metric } from '../../metrics/registry.ts';
import type { MetricType } from '../../metrics/sink.ts';
import type { PublicClass } from '../public-part.ts';
import type { Vu } from '../vu.ts';

/** A metric as a VU sees it. */
class VuMetric {
  readonly name: string;
  readonly #vu: Vu;
  readonly #metric: Metric;

  constructor(vu: Vu, type: MetricType, name: string, isTime: boolean) {
    this.name = name;
    this.#vu = vu;
    this.#metric = vu.host.registry.define(name, type, isTime ? 'time' : 'default');
  }

  add(value: number | boolean, tags?: Record<string, string>): void {
    const number = Number(value);
    if (Number.isNaN(number)) throw new Error(`"${value}" is no value for the metric ${this.name}`);
    emit(this.#metric, number, this.#vu.tags, tags);
  }
}

/** The module `k6/metrics`. */
export function createMetricsModule(vu: Vu) {
  const classFor = (type: MetricType) =>
    class extends VuMetric {
      constructor(name: string, isTime = false) {
        super(vu, type, name, isTime);
      }
    };
  return {
    Counter: classFor('counter'),
    Gauge: classFor('gauge'),
    Rate: classFor('rate'),
    Trend: classFor('trend'),
  } satisfies { [Name in Exclude<keyof typeof metrics, 'Metric'>]: PublicClass<(typeof metrics)[Name]> };
}
