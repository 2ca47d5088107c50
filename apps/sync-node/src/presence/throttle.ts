import type { NodeRuntime, Timer } from '../runtime.ts';

/** Calls `act` after `ask`: at once when the last time was long ago, otherwise once when the pause is over. */
export interface Throttle extends Disposable {
  ask(): void;
}

export function createThrottle(runtime: NodeRuntime, act: () => void, pauseMs: () => number): Throttle {
  let lastAt = Number.NEGATIVE_INFINITY;
  let timer: Timer | undefined;
  const run = () => {
    timer = undefined;
    lastAt = runtime.monotonicMs();
    act();
  };
  return {
    ask: () => {
      if (timer) return;
      // Not in the caller's tick: what one message changes is told in one go.
      timer = runtime.after(Math.max(0, lastAt + pauseMs() - runtime.monotonicMs()), run);
    },
    [Symbol.dispose]: () => timer?.cancel(),
  };
}
