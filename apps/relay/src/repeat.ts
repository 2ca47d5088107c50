import { setTimeout as sleep } from 'node:timers/promises';

/** Does something again and again, `intervalMs` after it was done, until the signal; rejects with what `act` rejects with. */
export async function repeat(intervalMs: number, signal: AbortSignal, act: () => Promise<void>): Promise<void> {
  while (await waited(intervalMs, signal)) await act();
}

/** False when the signal ended the wait. */
async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal });
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}
