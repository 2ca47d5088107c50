import { RuntimeNodeInstrumentation } from '@opentelemetry/instrumentation-runtime-node';
import type { MeterProvider } from '@opentelemetry/sdk-metrics';
import { AggregationType, type ViewOptions } from '@opentelemetry/sdk-metrics';
import { measureEventLoopDelay } from './event-loop-delay.ts';

/** Its own measure of the event loop's delay is not used (`measureEventLoopDelay`), and looks hardly ever. */
const HARDLY_EVER_MS = 3_600_000;

/** What is left out of what the runtime's instrumentation measures: see `measureEventLoopDelay`. */
export const RUNTIME_VIEWS: readonly ViewOptions[] = [
  {
    meterName: '@opentelemetry/instrumentation-runtime-node',
    instrumentName: 'nodejs.eventloop.delay.*',
    aggregation: { type: AggregationType.DROP },
  },
];

/** Measures what Node.js and the process say of themselves, under OpenTelemetry's names, until it is disposed of. */
export function measureRuntime(provider: MeterProvider): Disposable {
  const instrumentation = new RuntimeNodeInstrumentation({ monitoringPrecision: HARDLY_EVER_MS });
  instrumentation.setMeterProvider(provider);
  const meter = provider.getMeter('meldesync');
  const delay = measureEventLoopDelay(meter);
  const cpu = meter.createObservableCounter('process.cpu.time', {
    unit: 's',
    description: 'Time of processors that the process has used',
  });
  cpu.addCallback((result) => {
    const { user, system } = process.cpuUsage();
    result.observe(user / 1e6, { 'cpu.mode': 'user' });
    result.observe(system / 1e6, { 'cpu.mode': 'system' });
  });
  const memory = meter.createObservableUpDownCounter('process.memory.usage', {
    unit: 'By',
    description: 'Memory of the process that is not swapped out',
  });
  memory.addCallback((result) => result.observe(process.memoryUsage.rss()));
  return {
    [Symbol.dispose]: () => {
      instrumentation.disable();
      delay[Symbol.dispose]();
    },
  };
}
