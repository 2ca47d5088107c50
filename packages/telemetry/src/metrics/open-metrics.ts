import type { Exemplars } from './exemplars.ts';

const COUNTER = /^# TYPE (\S+)_total counter$/;
const ABOUT = /^# (HELP|TYPE|UNIT) (\S+)_total( .*)$/;
const BUCKET = /^(\S+)_bucket\{(.*)\} (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/**
 * Prometheus' text as OpenMetrics: what is said of a counter is said of its name without `_total`, buckets have the exemplars that
 * are kept of them, and the end is marked.
 */
export function toOpenMetrics(text: string, exemplars: Exemplars): string {
  const lines = text.split('\n').filter((line) => line !== '');
  const counters = new Set(lines.flatMap((line) => COUNTER.exec(line)?.[1] ?? []));
  return `${lines.map((line) => openMetricsLine(line, counters, exemplars)).join('\n')}\n# EOF\n`;
}

function openMetricsLine(line: string, counters: ReadonlySet<string>, exemplars: Exemplars): string {
  if (line.startsWith('#')) {
    const [, word, name = '', rest] = ABOUT.exec(line) ?? [];
    return counters.has(name) ? `# ${word} ${name}${rest}` : line;
  }
  const [, family = '', labels = ''] = BUCKET.exec(line) ?? [];
  if (!exemplars.has(family)) return line;
  const named = [...labels.matchAll(LABEL)].map(([, key = '', value = '']) => [key, value] as const);
  const exemplar = exemplars.of(family, named);
  if (!exemplar) return line;
  const { traceId, value, at } = exemplar;
  return `${line} # {trace_id="${traceId}"} ${value} ${(at / 1_000).toFixed(3)}`;
}
