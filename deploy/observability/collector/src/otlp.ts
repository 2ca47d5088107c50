import { randomBytes } from 'node:crypto';

/** A trace of one span, as a process would send it. */
export interface SampleTrace {
  readonly name: string;
  readonly durationMs: number;
  readonly failed: boolean;
}

/** OTLP's word for a span that failed. */
const STATUS_ERROR = 2;
const KIND_INTERNAL = 1;
const CUMULATIVE = 2;
const NANOSECONDS = 1_000_000n;

const RESOURCE = {
  attributes: [
    { key: 'service.name', value: { stringValue: 'meldesync-check' } },
    { key: 'service.instance.id', value: { stringValue: 'check-1' } },
  ],
};

/** Traces as a request of OTLP in JSON. */
export function tracesRequest(traces: readonly SampleTrace[]): unknown {
  const endNs = BigInt(Date.now()) * NANOSECONDS;
  const spans = traces.map(({ name, durationMs, failed }) => ({
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    name,
    kind: KIND_INTERNAL,
    startTimeUnixNano: String(endNs - BigInt(durationMs) * NANOSECONDS),
    endTimeUnixNano: String(endNs),
    ...(failed ? { status: { code: STATUS_ERROR } } : {}),
  }));
  return { resourceSpans: [{ resource: RESOURCE, scopeSpans: [{ scope: { name: 'check' }, spans }] }] };
}

/** The names of the spans in a request of OTLP in JSON. */
export function spanNames(request: string): string[] {
  const { resourceSpans = [] } = JSON.parse(request) as {
    resourceSpans?: { scopeSpans?: { spans?: { name: string }[] }[] }[];
  };
  return resourceSpans.flatMap(({ scopeSpans = [] }) =>
    scopeSpans.flatMap(({ spans = [] }) => spans.map(({ name }) => name)),
  );
}

/** A metric to send: a sample of 1 each. */
export interface SampleMetric {
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly unit: string;
}

/** Metrics as a request of OTLP in JSON. */
export function metricsRequest(metrics: readonly SampleMetric[]): unknown {
  const timeUnixNano = String(BigInt(Date.now()) * NANOSECONDS);
  const point = { timeUnixNano, startTimeUnixNano: timeUnixNano, attributes: [] };
  const dataOf = ({ kind }: SampleMetric) => {
    switch (kind) {
      case 'gauge':
        return { gauge: { dataPoints: [{ ...point, asDouble: 1 }] } };
      case 'counter': {
        const dataPoints = [{ ...point, asDouble: 1 }];
        return { sum: { aggregationTemporality: CUMULATIVE, isMonotonic: true, dataPoints } };
      }
      case 'histogram': {
        const dataPoints = [{ ...point, count: '1', sum: 1, bucketCounts: ['1', '0'], explicitBounds: [1] }];
        return { histogram: { aggregationTemporality: CUMULATIVE, dataPoints } };
      }
    }
  };
  return {
    resourceMetrics: [
      {
        resource: RESOURCE,
        scopeMetrics: [
          {
            scope: { name: 'check' },
            metrics: metrics.map((metric) => ({ name: metric.name, unit: metric.unit, ...dataOf(metric) })),
          },
        ],
      },
    ],
  };
}
