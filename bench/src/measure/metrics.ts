import { parseMetrics, sumOf } from '@meldesync/testkit';

/**
 * Value of a metric in the Prometheus text format, all its labels together.
 * @throws when it is not there
 */
export function parseMetric(text: string, name: string): number {
  const samples = parseMetrics(text);
  if (!samples.some((one) => one.name === name)) throw new Error(`there is no metric ${name}`);
  return sumOf(samples, name);
}

/** Reads a metric of a process from its admin port. */
export async function readMetric(adminUrl: string, name: string): Promise<number> {
  const response = await fetch(`${adminUrl}/metrics`);
  return parseMetric(await response.text(), name);
}
