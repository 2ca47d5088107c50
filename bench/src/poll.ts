import { setTimeout as sleep } from 'node:timers/promises';

const INTERVAL_MS = 20;

/**
 * Ends a run that would otherwise hang, on a machine that does other things too. It says nothing of how fast something
 * must be: what a wait came to is a figure.
 */
export const PATIENCE_MS = 180_000;

/** Waits until a check passes; false when it had not passed within the time. */
export async function waitUntil(check: () => boolean, patienceMs = PATIENCE_MS): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  while (!check()) {
    if (performance.now() > deadline) return false;
    await sleep(INTERVAL_MS);
  }
  return true;
}
