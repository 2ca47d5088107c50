import { type AttributeValues, METRICS, type Measurer, type MetricDefinition } from '../metrics-catalogue.ts';
import { prometheusName } from '../prometheus-name.ts';
import { prometheusText } from './prometheus-names.ts';

/** What stands for the values of an attribute that the catalogue does not spell out. */
const SETS: Readonly<Record<Extract<AttributeValues, string>, string>> = {
  'close-code': 'a code of [the protocol](../packages/protocol/PROTOCOL.md) or `other`',
  'http-status': 'the status',
  'http-route':
    'the template of a route, such as `/api/v1/workspaces/{workspace}/records`, `/*` for the web app, or `other`',
};

/** What the processes measure of themselves beside the catalogue, as OpenTelemetry names it. */
const RUNTIME: readonly (readonly [name: string, kind: string, meaning: string])[] = [
  ['process_cpu_time_seconds_total', 'counter', 'time of processors; `cpu_mode`: `user`, `system`'],
  ['process_memory_usage_bytes', 'gauge', 'memory that is not swapped out'],
  ['nodejs_eventloop_delay_{mean,p50,p90,p99,max}_seconds', 'gauge', 'how late the event loop comes to what is due'],
  ['nodejs_eventloop_utilization_ratio', 'gauge', 'share of time in which the event loop worked'],
  ['nodejs_eventloop_time_seconds_total', 'counter', 'the same as time; `nodejs_eventloop_state`: `active`, `idle`'],
  ['v8js_gc_duration_seconds', 'histogram', 'garbage collections; `v8js_gc_type`'],
  ['v8js_memory_heap_used_bytes', 'gauge', 'what of V8’s heap is used; `v8js_heap_space_name`'],
  ['v8js_memory_heap_space_{available_size,physical_size,size}_bytes', 'gauge', 'the same; `v8js_heap_space_name`'],
  ['v8js_resource_active', 'gauge', 'what keeps the event loop alive; `v8js_resource_type`'],
];

/** The names in Prometheus of what the processes measure beside the catalogue. */
export const RUNTIME_FAMILIES: ReadonlySet<string> = new Set(RUNTIME.flatMap(([name]) => spelledOut(name)));

/** What a process measures by the catalogue, by its names and labels in Prometheus. */
export function metricsOf(by: Measurer): ReadonlyMap<string, MetricDefinition> {
  return new Map(
    Object.entries<MetricDefinition>(METRICS).flatMap(([name, definition]) => {
      if (!definition.by.includes(by)) return [];
      const { attributes = {} } = definition;
      const labels = Object.entries(attributes).map(([key, values]) => [prometheusText(key), values] as const);
      return [[prometheusName(name, definition), { ...definition, attributes: Object.fromEntries(labels) }] as const];
    }),
  );
}

/** `a_{b,c}_d` as `a_b_d` and `a_c_d`. */
function spelledOut(name: string): string[] {
  const [, before = '', words = '', after = ''] = /^(.*)\{(.*)\}(.*)$/.exec(name) ?? [];
  return words === '' ? [name] : words.split(',').map((word) => `${before}${word}${after}`);
}

/** A row for each metric of the catalogue. */
export function metricsTable(): string {
  const rows = Object.entries<MetricDefinition>(METRICS).map(([name, definition]) => {
    const { kind, unit, by, description, attributes = {} } = definition;
    const labels = Object.entries(attributes).map(([key, values]) => `\`${prometheusText(key)}\`: ${wordsOf(values)}`);
    return `| \`${prometheusName(name, definition)}\` | ${kind} | \`${unit}\` | ${by.join(', ')} | ${labels.join('; ') || '–'} | ${description} |`;
  });
  return ['| metric | kind | unit | by | labels | what it says |', '|---|---|---|---|---|---|', ...rows].join('\n');
}

/** A row for each metric that Node.js and the process have of themselves. */
export function runtimeTable(): string {
  const rows = RUNTIME.map(([name, kind, meaning]) => `| \`${name}\` | ${kind} | ${meaning} |`);
  return ['| metric | kind | what it says |', '|---|---|---|', ...rows].join('\n');
}

function wordsOf(values: AttributeValues): string {
  return typeof values === 'string' ? SETS[values] : values.map((word) => `\`${word}\``).join(', ');
}
