import { startTracing, type TracingOptions } from './start-tracing.ts';
import type { Tracing } from './tracing.ts';

/** Starts a service together with what records its spans, which ends after it. */
export async function runTraced(
  options: TracingOptions,
  start: (tracing: Tracing) => Promise<AsyncDisposable>,
): Promise<AsyncDisposable> {
  const tracing = await startTracing(options);
  const service = await start(tracing);
  return {
    [Symbol.asyncDispose]: async () => {
      await service[Symbol.asyncDispose]();
      await tracing[Symbol.asyncDispose]();
    },
  };
}
