import type { MetricDefinition } from './metrics-catalogue.ts';

/** What a name in Prometheus depends on, besides the name. */
type Named = Pick<MetricDefinition, 'kind' | 'unit'>;

/** Prometheus' words for units of UCUM; others stay as they are. */
const UNIT_WORDS: Readonly<Record<string, string>> = {
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  min: 'minutes',
  h: 'hours',
  d: 'days',
  By: 'bytes',
  KiBy: 'kibibytes',
  MiBy: 'mebibytes',
  '%': 'percent',
};

/** The word that a unit adds to a name, undefined for none: what stands in braces counts things and is no unit. */
function unitWord({ kind, unit }: Named): string | undefined {
  if (unit === '' || unit.startsWith('{')) return undefined;
  if (unit === '1') return kind === 'gauge' ? 'ratio' : undefined;
  return UNIT_WORDS[unit] ?? sanitized(unit);
}

const sanitized = (name: string) => name.replaceAll(/\W+/g, '_').replaceAll(/_{2,}/g, '_');

/**
 * The name of a metric's family in Prometheus, by OpenTelemetry's rules for it: what is no letter or digit becomes an underscore, then
 * the unit, then `_total` for a counter. It is what the Collector makes of a metric that comes over OTLP; the serializer of
 * `@opentelemetry/exporter-prometheus` (0.223) leaves the unit out, so its names are not these.
 */
export function prometheusName(name: string, definition: Named): string {
  const words = sanitized(name).split('_');
  const unit = unitWord(definition);
  if (unit !== undefined && !words.includes(unit)) words.push(unit);
  const whole = definition.kind === 'counter' ? [...words.filter((word) => word !== 'total'), 'total'] : words;
  return whole.join('_');
}

/** The names of a metric's series: of a histogram its buckets (with `le`), their sum and count, else the family's own. */
export function prometheusSeries(name: string, definition: Named): string[] {
  const family = prometheusName(name, definition);
  return definition.kind === 'histogram' ? [`${family}_bucket`, `${family}_sum`, `${family}_count`] : [family];
}

/** The label that an attribute becomes. */
export function prometheusLabel(attribute: string): string {
  return sanitized(attribute);
}
