import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, type ViewOptions } from '@opentelemetry/sdk-metrics';
import { ATTR_SERVICE_INSTANCE_ID, ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions';
import { METRICS, type Measurer, type MetricDefinition } from '../metrics-catalogue.ts';
import { Exemplars } from './exemplars.ts';
import { takeGaugesInOrder } from './gauge-order.ts';
import { createInstruments, type Instruments, mostSeries } from './instruments.ts';
import { toOpenMetrics } from './open-metrics.ts';
import { openOtlpPush } from './otlp-push.ts';
import { toPrometheus } from './prometheus.ts';
import { measureRuntime, RUNTIME_VIEWS } from './runtime-metrics.ts';

export interface ProcessMeterOptions<By extends Measurer> {
  readonly kind: By;
  /** Name of the process, such as `node-1`. */
  readonly name: string;
  readonly version: string;
  /** That of the process, unless a test says otherwise. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** What a process measures, told to whoever asks. One for each process, handed on: several may run in one of a test. */
export interface ProcessMeter<By extends Measurer> extends Instruments<By>, AsyncDisposable {
  /** For libraries that measure themselves. */
  readonly provider: Pick<MeterProvider, 'getMeter'>;
  /** The answer to `/metrics`: OpenMetrics with exemplars where the `Accept` header asks for it, else Prometheus' text. */
  exposition(accept: string | undefined): Promise<Exposition>;
}

interface Exposition {
  readonly contentType: string;
  readonly body: string;
}

const PLAIN = 'text/plain; version=0.0.4; charset=utf-8';
const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
/** Who asks for the metrics gets those that are known by then. */
const COLLECT_LIMIT_MS = 2_000;
/** A receiver that does not answer keeps no process from its end. */
const END_LIMIT_MS = 1_500;

/** Starts it; disposed of, it has pushed the last state, where it pushes and the receiver answers within 1.5 s. */
export async function startProcessMeter<By extends Measurer>(
  options: ProcessMeterOptions<By>,
): Promise<ProcessMeter<By>> {
  const { kind, name, version, environment = process.env } = options;
  const reader = new PrometheusExporter({ preventServerStart: true });
  const push = await openOtlpPush(environment);
  takeGaugesInOrder();
  const provider = new MeterProvider({
    resource: resourceFromAttributes({
      [ATTR_SERVICE_NAME]: environment.OTEL_SERVICE_NAME || `meldesync-${kind}`,
      [ATTR_SERVICE_INSTANCE_ID]: name,
      [ATTR_SERVICE_VERSION]: version,
    }),
    views: [...limitsOf(kind), ...RUNTIME_VIEWS],
    readers: push ? [reader, push] : [reader],
  });
  const runtime = measureRuntime(provider);
  const exemplars = new Exemplars();
  const instruments = createInstruments<Measurer>(provider.getMeter('meldesync', version), exemplars);
  instruments.observe('meldesync.memory.external', (observe) => {
    const { external } = process.memoryUsage();
    observe(external);
  });
  return {
    ...(instruments as Instruments<By>),
    provider,
    exposition: async (accept) => {
      const { resourceMetrics } = await reader.collect({ timeoutMillis: COLLECT_LIMIT_MS });
      const text = toPrometheus(resourceMetrics);
      return accept?.includes('application/openmetrics-text')
        ? { contentType: OPEN_METRICS, body: toOpenMetrics(text, exemplars) }
        : { contentType: PLAIN, body: text };
    },
    [Symbol.asyncDispose]: async () => {
      // What a receiver did not take is lost, and said by nobody: the process ends.
      await provider.shutdown({ timeoutMillis: END_LIMIT_MS }).catch(() => undefined);
      runtime[Symbol.dispose]();
    },
  };
}

/**
 * What made more series than the catalogue has would become one, between two times that somebody asks. The SDK counts anew after
 * each, so what bounds them for good is that types allow no other words.
 */
function limitsOf(kind: Measurer): ViewOptions[] {
  return Object.entries<MetricDefinition>(METRICS)
    .filter(([, { by }]) => by.includes(kind))
    .map(([instrumentName, definition]) => ({
      instrumentName,
      aggregationCardinalityLimit: mostSeries(definition) + 1,
    }));
}
