import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';

/** Percentiles of times, in milliseconds. */
export interface LatencySummary {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly samples: number;
}

const MICROSECONDS = 1_000;

/** Times to three significant digits, counted in microseconds. */
export class LatencyHistogram {
  readonly #histogram: Histogram = build({ numberOfSignificantValueDigits: 3 });

  /** A clock that is read twice may seem to run backwards by a hair; such a time counts as none. */
  record(ms: number): void {
    this.#histogram.recordValue(Math.max(0, Math.round(ms * MICROSECONDS)));
  }

  /** Takes in the times of another one, as `encode` wrote them in another process. */
  add(encoded: string): void {
    this.#histogram.add(decodeFromCompressedBase64(encoded));
  }

  encode(): string {
    return encodeIntoCompressedBase64(this.#histogram);
  }

  summary(): LatencySummary {
    const at = (percentile: number) => this.#histogram.getValueAtPercentile(percentile) / MICROSECONDS;
    return {
      p50: at(50),
      p95: at(95),
      p99: at(99),
      max: at(100),
      samples: this.#histogram.totalCount,
    };
  }
}
