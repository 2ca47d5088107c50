/**
 * Value of a metric in the Prometheus text format, all its labels together.
 * @throws when it is not there
 */
export function parseMetric(text: string, name: string): number {
  const values = text.split('\n').flatMap((line) => {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{.*\})? (\S+)$/.exec(line);
    return match?.[1] === name ? [Number(match[2])] : [];
  });
  if (values.length === 0) throw new Error(`there is no metric ${name}`);
  return values.reduce((sum, value) => sum + value, 0);
}

/** Reads a metric of a process from its admin port. */
export async function readMetric(adminUrl: string, name: string): Promise<number> {
  const response = await fetch(`${adminUrl}/metrics`);
  return parseMetric(await response.text(), name);
}
