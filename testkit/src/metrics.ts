/** A value of a metric, as `/metrics` has it. */
export interface MetricSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A process with an admin port; none says nothing. */
export type Measured = { readonly adminPort: number } | undefined;

/** Reads Prometheus' text. */
export function parseMetrics(text: string): MetricSample[] {
  return text.split('\n').flatMap((line) => {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (!match) return [];
    const [, name = '', labels = '', value] = match;
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, word]) => [key, word]);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });
}

/** All that a process measures. */
export async function readMetrics(process: Measured): Promise<MetricSample[]> {
  const response = await fetch(`http://127.0.0.1:${process?.adminPort}/metrics`);
  return parseMetrics(await response.text());
}

/** The sum of a metric over those of its series that have the labels; 0 where there is none. */
export function sumOf(
  samples: readonly MetricSample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  return samples
    .filter((one) => one.name === name && Object.entries(labels).every(([key, word]) => one.labels[key] === word))
    .reduce((sum, { value }) => sum + value, 0);
}

/** What a process says of a metric, over those of its series that have the labels. */
export async function metricOf(
  process: Measured,
  name: string,
  labels?: Readonly<Record<string, string>>,
): Promise<number> {
  return sumOf(await readMetrics(process), name, labels);
}

/** How often a counter has counted each word of a label, as `word times`; what never happened is left out. */
export async function countsOf(process: Measured, name: string, label: string): Promise<string[]> {
  const samples = await readMetrics(process);
  return samples.flatMap((one) => (one.name === name && one.value > 0 ? `${one.labels[label]} ${one.value}` : []));
}
