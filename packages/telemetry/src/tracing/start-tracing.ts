import { WrongSettings } from '@meldesync/config';
import {
  context,
  type MeterProvider,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { BufferConfig, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { readSampling } from './sampling.ts';
import { childOf, type TraceContext } from './trace-context.ts';
import { type EndedSpan, isKept, NO_TRACING, type Tracing } from './tracing.ts';
import { wantsTraces } from './wants-traces.ts';
import { withoutTexts } from './without-texts.ts';

export interface TracingOptions {
  /** `node`, `relay`, `worker`, `cli`: the service is called `meldesync-…` unless OTEL_SERVICE_NAME says otherwise. */
  readonly kind: string;
  /** Name of the process, such as `node-1`. */
  readonly instance: string;
  readonly version: string;
  /** Whether libraries or logs ask for the span that is active: `within` does nothing otherwise. */
  readonly hasActiveSpan: boolean;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Both halves of what sends take it, though the type of the processor does not name it. */
type Measured = BufferConfig & { readonly selfObsMeterProvider?: MeterProvider };

/** The end of a process waits no longer for a receiver that does not answer. */
const STOP_LIMIT_MS = 2_000;

/**
 * Starts to export spans as OTLP over HTTP, where the OTEL_* variables say to whom. The SDK is loaded then, and only then; its queue
 * and its waits are bounded (OTEL_BSP_*, OTEL_EXPORTER_OTLP_TIMEOUT), and what does not fit is dropped. Throws
 * `WrongSettings` for a sampler that there is not, and for what is no address.
 */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const environment = options.environment ?? process.env;
  if (!wantsTraces(environment)) return NO_TRACING;
  const sampling = readSampling(environment);
  const url = endpointOf(environment);
  const [sdk, { OTLPTraceExporter }, resources, { AsyncLocalStorageContextManager }] = await Promise.all([
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/exporter-trace-otlp-proto'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/context-async-hooks'),
  ]);
  // Once it has been used, Node.js follows each promise of the process: only who asks for the active span is to pay for that.
  if (options.hasActiveSpan) context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  let meterProvider: MeterProvider | undefined;
  const processor = processorAtFirstSpan(() => {
    const measured: Measured = meterProvider ? { selfObsMeterProvider: meterProvider } : {};
    return new sdk.BatchSpanProcessor(new OTLPTraceExporter({ url, ...measured }), measured);
  });
  /** Spans get the ids that were given to them when they began. */
  let next: TraceContext | undefined;
  const idGenerator = { generateTraceId: () => next?.traceId ?? '', generateSpanId: () => next?.spanId ?? '' };
  const resourceOf = (service: string, instance?: string) =>
    resources.detectResources({ detectors: [resources.envDetector] }).merge(
      resources.resourceFromAttributes({
        'service.name': service,
        'service.version': options.version,
        ...(instance === undefined ? {} : { 'service.instance.id': instance }),
      }),
    );
  const resource = resourceOf(environment.OTEL_SERVICE_NAME || `meldesync-${options.kind}`, options.instance);
  const tracerOf = (of: typeof resource): Tracer => {
    // What is given here has been decided on.
    const settings = { resource: of, idGenerator, sampler: new sdk.AlwaysOnSampler(), spanProcessors: [processor] };
    return new sdk.BasicTracerProvider(settings).getTracer('meldesync', options.version);
  };
  const own = tracerOf(resource);
  const ofClients = tracerOf(resourceOf('meldesync-client'));
  // For libraries that ask OpenTelemetry themselves; the first of a process is the one that they get.
  const root = new sdk.TraceIdRatioBasedSampler(sampling.ratio);
  const sampler = new sdk.ParentBasedSampler({ root });
  const spanProcessors = [withoutTexts(processor)];
  trace.setGlobalTracerProvider(new sdk.BasicTracerProvider({ resource, sampler, spanProcessors }));
  const exportSpan = (ended: EndedSpan): void => {
    next = ended.context;
    const span = (ended.isOfClient ? ofClients : own).startSpan(
      ended.name,
      {
        kind: KINDS[ended.kind ?? 'internal'],
        root: ended.parent === undefined,
        startTime: ended.startMs,
        ...(ended.attributes ? { attributes: ended.attributes } : {}),
        links: (ended.links ?? []).map((link) => ({ context: toSpanContext(link) })),
      },
      ended.parent ? trace.setSpanContext(ROOT_CONTEXT, toSpanContext(ended.parent)) : ROOT_CONTEXT,
    );
    for (const { name, atMs } of ended.events ?? []) span.addEvent(name, atMs);
    if (ended.failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: ended.failure });
    span.end(Math.max(ended.startMs, ended.endMs));
  };
  return {
    isOn: true,
    ratio: sampling.ratio,
    begin: (parent) => childOf(parent, sampling.isSampled),
    end: (...spans) => {
      if (isKept(spans)) spans.forEach(exportSpan);
    },
    measuredBy: (provider) => {
      meterProvider = provider;
    },
    within: (span, work) => context.with(trace.setSpanContext(context.active(), toSpanContext(span)), work),
    [Symbol.asyncDispose]: async () => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, STOP_LIMIT_MS);
      });
      // What a receiver refuses at the end is lost, as at any other time: nobody's work hangs on it.
      await Promise.race([processor.shutdown().catch(() => undefined), late]);
      clearTimeout(timer);
    },
  };
}

/** What sends is made for the first span: by then it is known who measures it. */
function processorAtFirstSpan(make: () => SpanProcessor): SpanProcessor {
  let made: SpanProcessor | undefined;
  return {
    onStart: () => undefined,
    onEnd: (span) => {
      made ??= make();
      made.onEnd(span);
    },
    forceFlush: async () => made?.forceFlush(),
    shutdown: async () => made?.shutdown(),
  };
}

/**
 * As the specification of the exporter has it: the general address is followed by the path, the one for traces is whole. Throws
 * `WrongSettings` for what is no address: the exporter would say nothing of it, and export nothing.
 */
function endpointOf(environment: Readonly<Record<string, string | undefined>>): string {
  const { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: whole, OTEL_EXPORTER_OTLP_ENDPOINT: base } = environment;
  const endpoint = whole || `${(base || 'http://localhost:4318').replace(/\/+$/, '')}/v1/traces`;
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)) {
    const name = whole ? 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT' : 'OTEL_EXPORTER_OTLP_ENDPOINT';
    throw new WrongSettings([{ name, problem: 'must be an address such as http://127.0.0.1:4318' }]);
  }
  return endpoint;
}

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

function toSpanContext({ traceId, spanId, isSampled }: TraceContext): SpanContext {
  return { traceId, spanId, traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE, isRemote: true };
}
