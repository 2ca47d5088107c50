import {
  LIBRARY_METRICS,
  METRICS,
  type MetricDefinition,
  prometheusLabel,
  prometheusSeries,
} from '@meldesync/telemetry';

/** The labels of a series: each with the values it may have, or undefined where they are not bounded here. */
export type Labels = ReadonlyMap<string, readonly string[] | undefined>;

/** Prometheus gives these to whatever it scrapes. */
const TARGET_LABELS: readonly [string, undefined][] = [
  ['job', undefined],
  ['instance', undefined],
];

function labelsOf({ kind, attributes = {}, buckets = [] }: Omit<MetricDefinition, 'description' | 'by'>): Labels {
  return new Map<string, readonly string[] | undefined>([
    ...TARGET_LABELS,
    ...Object.entries(attributes).map(
      ([name, values]) => [prometheusLabel(name), typeof values === 'string' ? undefined : values] as const,
    ),
    ...(kind === 'histogram' ? [['le', [...buckets.map(String), '+Inf']] as const] : []),
  ]);
}

/** Every series that a process of ours can have, with its labels. */
export function knownSeries(): ReadonlyMap<string, Labels> {
  const ours = Object.entries<MetricDefinition>(METRICS).flatMap(([name, definition]) =>
    prometheusSeries(name, definition).map((series) => [series, labelsOf(definition)] as const),
  );
  const libraries = Object.entries(LIBRARY_METRICS).flatMap(([name, { attributes = [], ...definition }]) =>
    prometheusSeries(name, definition).map(
      (series) =>
        [
          series,
          labelsOf({ ...definition, attributes: Object.fromEntries(attributes.map((key) => [key, 'error-code'])) }),
        ] as const,
    ),
  );
  return new Map([...ours, ...libraries, ['up', new Map(TARGET_LABELS)]]);
}
