import type { MetricReader } from '@opentelemetry/sdk-metrics';

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_INTERVAL_MS = 60_000;
const DEFAULT_TIMEOUT_MS = 10_000;

/** Whether metrics are pushed, by the standard variables of OpenTelemetry: an address is needed, and nothing that forbids it. */
export function isPushed(environment: Environment): boolean {
  const address = environment.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT || environment.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (!address || environment.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return false;
  return environment.OTEL_METRICS_EXPORTER !== 'none';
}

/**
 * Pushes what a meter measures by OTLP over HTTP with protobuf, where `isPushed` says so; undefined otherwise, and the code for it is
 * not even loaded. Address, headers and compression are read by the exporter from the standard variables. Of a receiver that does
 * not answer nothing is kept: one request is on its way at a time, with what the counters say at that moment.
 */
export async function openOtlpPush(environment: Environment): Promise<MetricReader | undefined> {
  if (!isPushed(environment)) return undefined;
  const [{ OTLPMetricExporter }, { PeriodicExportingMetricReader }] = await Promise.all([
    import('@opentelemetry/exporter-metrics-otlp-proto'),
    import('@opentelemetry/sdk-metrics'),
  ]);
  const exportIntervalMillis = milliseconds(environment.OTEL_METRIC_EXPORT_INTERVAL, DEFAULT_INTERVAL_MS);
  const timeoutMillis = Math.min(
    exportIntervalMillis,
    milliseconds(
      environment.OTEL_EXPORTER_OTLP_METRICS_TIMEOUT ?? environment.OTEL_EXPORTER_OTLP_TIMEOUT,
      DEFAULT_TIMEOUT_MS,
    ),
  );
  return new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter({ timeoutMillis, concurrencyLimit: 1 }),
    exportIntervalMillis,
    exportTimeoutMillis: timeoutMillis,
  });
}

function milliseconds(text: string | undefined, otherwise: number): number {
  const value = Number(text);
  return text && Number.isFinite(value) && value > 0 ? value : otherwise;
}
