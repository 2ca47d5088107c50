import { setTimeout } from 'k6/timers';

/** Resolves after so many milliseconds. k6's own `sleep` would block everybody of the process. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, Math.max(0, ms));
  });
}
