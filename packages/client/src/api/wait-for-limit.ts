import type { SyncError } from '../errors/sync-error.ts';

/** No longer: whoever asks can do something about it themselves. */
const LONGEST_WAIT_MS = 10_000;
/** How often a request is sent once more. */
const MOST_WAITS = 3;

/**
 * Whether to send a request once more after it was refused by a limit, and then waits as long as the service says. Only what changes
 * nothing is sent again by itself: of what does, a person may have thought better meanwhile. Rejects with the signal's reason.
 */
export async function waitForLimit(
  { code, retryAfterMs }: SyncError,
  { method = 'GET', signal, waits }: { method?: string | undefined; signal?: AbortSignal | undefined; waits: number },
): Promise<boolean> {
  if (code !== 'rate-limited' || method !== 'GET' || waits >= MOST_WAITS) return false;
  if (retryAfterMs === null || retryAfterMs > LONGEST_WAIT_MS) return false;
  await pause(retryAfterMs, signal);
  return true;
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
