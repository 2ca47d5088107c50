import { context, SpanKind } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { RuntimeNodeInstrumentation } from '@opentelemetry/instrumentation-runtime-node';
import { DataPointType, MeterProvider, type MetricData, MetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterAll, expect, it } from 'vitest';
import { LIBRARY_METRICS } from './library-metrics.ts';

/** Nothing listens on the discard port: exports fail. */
const NOBODY = 'http://127.0.0.1:9/v1/traces';
const PATIENCE_MS = 30_000;

class OnDemandReader extends MetricReader {
  protected override async onForceFlush() {}
  protected override async onShutdown() {}
}

const reader = new OnDemandReader();
const meterProvider = new MeterProvider({ readers: [reader] });
const runtime = new RuntimeNodeInstrumentation({ monitoringPrecision: 10 });
runtime.setMeterProvider(meterProvider);
const exporter = new OTLPTraceExporter({ url: NOBODY, timeoutMillis: 50, selfObsMeterProvider: meterProvider });
/** Its type does not name `selfObsMeterProvider`; it takes it all the same. */
const buffer = { maxQueueSize: 100, selfObsMeterProvider: meterProvider };
const tracerProvider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter, buffer)] });
afterAll(async () => {
  runtime.disable();
  await tracerProvider.shutdown();
  await meterProvider.shutdown();
});

async function collected(): Promise<Map<string, MetricData>> {
  const { resourceMetrics } = await reader.collect();
  const all = resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
  return new Map(all.map((metric) => [metric.descriptor.name, metric]));
}

/** What kind of ours a metric is, as Prometheus would see it. */
function kindOf(metric: MetricData): string {
  if (metric.dataPointType === DataPointType.HISTOGRAM) return 'histogram';
  return metric.dataPointType === DataPointType.SUM && metric.isMonotonic ? 'counter' : 'gauge';
}

/** Makes garbage until a collection was measured, and fails an export. */
async function measureAll(): Promise<Map<string, MetricData>> {
  tracerProvider.getTracer('test').startSpan('sample', { kind: SpanKind.INTERNAL }, context.active()).end();
  await tracerProvider.forceFlush().catch(() => 'it fails, as it should');
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const metrics = await collected();
    if (Object.keys(LIBRARY_METRICS).every((name) => metrics.has(name)) || Date.now() > deadline) return metrics;
    const garbage = Array.from({ length: 200_000 }, (_, index) => ({ index }));
    expect(garbage.length).toBe(200_000);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

it('is what the libraries measure, with their kinds, units and attributes', async () => {
  const metrics = await measureAll();
  for (const [name, { kind, unit, attributes = [] }] of Object.entries(LIBRARY_METRICS)) {
    const metric = metrics.get(name);
    if (!metric) throw new Error(`${name} is not measured`);
    expect([name, kindOf(metric), metric.descriptor.unit]).toEqual([name, kind, unit]);
    const found = new Set(metric.dataPoints.flatMap((point) => Object.keys(point.attributes)));
    expect([name, [...found].toSorted()]).toEqual([name, [...attributes].toSorted()]);
  }
});
