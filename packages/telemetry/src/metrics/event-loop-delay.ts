import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { Meter } from '@opentelemetry/api';

/** Sampled by a timer: at Node's own 10 ms it costs an idle process more than its work. */
const RESOLUTION_MS = 100;
/** What is told is of at least so long, since several may ask. */
const WINDOW_MS = 5_000;

/** How late the event loop comes to what is due, in seconds. */
interface EventLoopDelay {
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/**
 * Measures it under OpenTelemetry's names until it is disposed of. Not by `instrumentation-runtime-node`, which tells the time between
 * two looks: at a look every 100 ms an idle process would be 100 ms late.
 */
export function measureEventLoopDelay(meter: Pick<Meter, 'createObservableGauge'>, windowMs = WINDOW_MS): Disposable {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let told = read(histogram);
  let toldAt = performance.now();
  const look = () => {
    if (histogram.count > 0 && performance.now() - toldAt >= windowMs) {
      told = read(histogram);
      toldAt = performance.now();
      histogram.reset();
    }
    return told;
  };
  for (const key of ['mean', 'p50', 'p90', 'p99', 'max'] as const)
    meter
      .createObservableGauge(`nodejs.eventloop.delay.${key}`, {
        unit: 's',
        description: `Delay of the event loop, ${key}, over the seconds since it was last told`,
      })
      .addCallback((result) => result.observe(look()[key]));
  return { [Symbol.dispose]: () => histogram.disable() };
}

function read(histogram: IntervalHistogram): EventLoopDelay {
  const late = (nanoseconds: number) =>
    Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1_000) : 0;
  return {
    mean: late(histogram.mean),
    p50: late(histogram.percentile(50)),
    p90: late(histogram.percentile(90)),
    p99: late(histogram.percentile(99)),
    max: late(histogram.max),
  };
}
