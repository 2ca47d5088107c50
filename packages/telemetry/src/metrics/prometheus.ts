import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { DataPointType, type MetricData, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { unitWord, withUnit } from './prometheus-names.ts';

/** With `target_info`, which names the process, and without the name of a library in each series. */
const SERIALIZER = new PrometheusSerializer('', false, undefined, false, true);

/**
 * What was collected, as Prometheus' text. The serializer appends no units, which its own Collector does, and what OpenTelemetry's
 * rules for Prometheus ask for; so it is given names that have them.
 */
export function toPrometheus({ resource, scopeMetrics }: ResourceMetrics): string {
  return SERIALIZER.serialize({
    resource,
    scopeMetrics: scopeMetrics.map(({ scope, metrics }) => ({ scope, metrics: metrics.map(withUnitInName) })),
  });
}

function withUnitInName(metric: MetricData): MetricData {
  const { descriptor } = metric;
  const isGauge = metric.dataPointType === DataPointType.GAUGE;
  const unit = unitWord(descriptor.unit, isGauge);
  return { ...metric, descriptor: { ...descriptor, name: withUnit(descriptor.name, unit), unit } };
}
