import {
  LIBRARY_METRICS,
  METRICS,
  type MetricDefinition,
  PROCESS_METRICS,
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

interface Labelled {
  readonly kind: MetricDefinition['kind'];
  /** The values of each attribute; a word instead where they are not bounded here. */
  readonly attributes?: Readonly<Record<string, readonly string[] | string>>;
  readonly buckets?: readonly number[];
}

function labelsOf({ kind, attributes = {}, buckets = [] }: Labelled): Labels {
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
  const standard = Object.entries({ ...LIBRARY_METRICS, ...PROCESS_METRICS }).flatMap(([name, definition]) => {
    const attributes = Object.fromEntries((definition.attributes ?? []).map((key) => [key, 'any']));
    const labels = labelsOf({ kind: definition.kind, attributes });
    return prometheusSeries(name, definition).map((series) => [series, labels] as const);
  });
  return new Map([...ours, ...standard, ['up', new Map(TARGET_LABELS)]]);
}
