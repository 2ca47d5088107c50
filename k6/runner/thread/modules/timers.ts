import type * as timers from 'k6/timers';
import type { Vu } from '../vu.ts';

interface RunningTimer {
  readonly clear: () => void;
}

/** The module `k6/timers`. Timers belong to the iteration that sets them. */
export function createTimersModule(vu: Vu) {
  const running = new Map<number, RunningTimer>();
  let last = 0;

  const start = (kind: 'timeout' | 'interval', callback: (...args: unknown[]) => void, ms: number, args: unknown[]) => {
    const iteration = vu.current(kind === 'timeout' ? 'setTimeout()' : 'setInterval()');
    const id = ++last;
    const tick = () => {
      if (kind === 'timeout') {
        running.delete(id);
        iteration.call(() => callback(...args));
        release();
      } else iteration.call(() => callback(...args));
    };
    const timer = kind === 'timeout' ? setTimeout(tick, ms) : setInterval(tick, Math.max(1, ms));
    const stop = () => {
      clearTimeout(timer);
      running.delete(id);
    };
    const release = iteration.hold(stop);
    running.set(id, {
      clear: () => {
        stop();
        release();
      },
    });
    return id;
  };
  const clear = (id: number) => running.get(id)?.clear();

  return {
    setTimeout: (callback, ms, ...args) => start('timeout', callback, ms, args),
    setInterval: (callback, ms, ...args) => start('interval', callback, ms, args),
    clearTimeout: clear,
    clearInterval: clear,
  } satisfies typeof timers;
}
