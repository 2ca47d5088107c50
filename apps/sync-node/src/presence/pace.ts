/** Calls `act` after `ask`: at once when the last time was long ago, otherwise once when the pause is over. */
export interface Pace extends Disposable {
  ask(): void;
}

export function createPace(act: () => void, pauseMs: () => number): Pace {
  let lastAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  const run = () => {
    timer = undefined;
    lastAt = performance.now();
    act();
  };
  return {
    ask: () => {
      if (timer) return;
      // Not in the caller's tick: what one message changes is told in one go.
      timer = setTimeout(run, Math.max(0, lastAt + pauseMs() - performance.now()));
    },
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}
