import { SyncError } from '../errors/sync-error.ts';
import type { ClientRuntime } from '../types/environment.ts';

/** Waits, at most until the signal. */
export function sleep(runtime: ClientRuntime, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      runtime.clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = runtime.setTimeout(end, delayMs);
    signal.addEventListener('abort', end);
  });
}

/** Does one thing; its own signal aborts with `unavailable` at the limit, and with the signal given. */
export async function withLimit<T>(
  runtime: ClientRuntime,
  limitMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => controller.abort(new SyncError('unavailable'));
  const timer = runtime.setTimeout(abort, limitMs);
  signal.addEventListener('abort', abort);
  try {
    return await work(controller.signal);
  } finally {
    runtime.clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}
