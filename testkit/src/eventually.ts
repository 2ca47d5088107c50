import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_PAUSE_MS = 10;
/** Pauses grow up to this: on a busy machine those who ask all the time keep what they wait for waiting. */
const LONGEST_PAUSE_MS = 100;

/**
 * Repeats a check until it passes. The bound only ends a test that would otherwise hang: nothing is said about how fast
 * something must be.
 */
export async function eventually(check: () => void | Promise<void>, timeoutMs = 60_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.2, LONGEST_PAUSE_MS)) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await sleep(pauseMs);
  }
}
