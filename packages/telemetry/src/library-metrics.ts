import type { MetricDefinition } from './metrics-catalogue.ts';

/** A metric of OpenTelemetry's own; which processes have it depends on what is switched on there. */
type StandardMetric = Pick<MetricDefinition, 'kind' | 'unit' | 'description'> & {
  /** Names of attributes; what stands in them is OpenTelemetry's word. */
  readonly attributes?: readonly string[];
};

const COMPONENT = ['otel.component.name', 'otel.component.type', 'error.type'] as const;

/**
 * What dashboards and alerts use of the metrics that OpenTelemetry's libraries measure: Node.js of itself, and the SDK of what it
 * sends. A test asks the libraries whether it is so.
 */
export const LIBRARY_METRICS: Readonly<Record<string, StandardMetric>> = {
  'nodejs.eventloop.delay.p99': { kind: 'gauge', unit: 's', description: 'Delay of the event loop, 99th percentile' },
  'nodejs.eventloop.utilization': { kind: 'gauge', unit: '1', description: 'Share of time the event loop is busy' },
  'v8js.memory.heap.used': {
    kind: 'gauge',
    unit: 'By',
    description: 'Heap in use, by space',
    attributes: ['v8js.heap.space.name'],
  },
  'v8js.gc.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'Collections of garbage, by kind',
    attributes: ['v8js.gc.type'],
  },
  'otel.sdk.exporter.span.exported': {
    kind: 'counter',
    unit: '{span}',
    description: 'Spans whose export has ended, with `error.type` where they were not taken',
    attributes: [...COMPONENT, 'server.address', 'server.port'],
  },
  'otel.sdk.processor.span.processed': {
    kind: 'counter',
    unit: '{span}',
    description: 'Spans that left the queue, with `error.type` where they were dropped',
    attributes: COMPONENT,
  },
};

/** What a process says of itself, as the semantic conventions name it; dashboards and alerts use it. */
export const PROCESS_METRICS: Readonly<Record<string, StandardMetric>> = {
  'process.memory.usage': { kind: 'gauge', unit: 'By', description: 'Memory of the process that is in RAM' },
  'process.cpu.time': {
    kind: 'counter',
    unit: 's',
    description: 'Processor time of the process',
    attributes: ['cpu.mode'],
  },
};
