/** How the units of OpenTelemetry are called in names; a `{thing}` is not. */
const UNIT_WORDS: Readonly<Record<string, string>> = { s: 'seconds', By: 'bytes' };

/** What a unit adds to a name in Prometheus, and is called there; empty for none. A share is a `ratio` where it is a gauge. */
export function unitWord(unit: string, isGauge: boolean): string {
  if (unit === '1') return isGauge ? 'ratio' : '';
  return UNIT_WORDS[unit] ?? '';
}

/** A name with its unit behind it, the way OpenTelemetry asks for it and its Collector writes it. */
export function withUnit(name: string, word: string): string {
  return word === '' || name.endsWith(word) ? name : `${name}_${word}`;
}

/** A name of OpenTelemetry as Prometheus may have it. */
export function prometheusText(name: string): string {
  return name.replaceAll(/\W+/g, '_');
}

/** Labels as one text, the same in whichever order they come. */
export function labelsKey(labels: Iterable<readonly [string, string | number]>): string {
  return [...labels]
    .map(([key, value]) => `${prometheusText(key)}=${value}`)
    .sort()
    .join('\n');
}
