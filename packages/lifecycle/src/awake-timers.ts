import type { Timers } from './with-timeout.ts';

const STEP_MS = 250;

/**
 * Timers for waits whose end says that somebody else is silent. They go in steps, and a step that comes late is taken again, once
 * each: while the process stood still, or its processor was busy elsewhere, it could not hear the answer, which is read before
 * the next step ends. So a wait may last up to twice as long as it is said, and only where the process had little time.
 */
export const AWAKE_TIMERS: Timers = {
  after: (delayMs, callback) => {
    const steps = Math.max(1, Math.ceil(delayMs / STEP_MS));
    const stepMs = delayMs / steps;
    let left = steps;
    let again = steps;
    let timer: NodeJS.Timeout;
    const step = (): void => {
      const begunAt = performance.now();
      timer = setTimeout(() => {
        const isLate = performance.now() - begunAt > 2 * stepMs + STEP_MS / 2;
        if (isLate && again > 0) again -= 1;
        else left -= 1;
        if (left > 0) step();
        else callback();
      }, stepMs);
    };
    step();
    return { cancel: () => clearTimeout(timer) };
  },
};
