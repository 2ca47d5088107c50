import { syncBuiltinESMExports } from 'node:module';
import timersPromises from 'node:timers/promises';
import type { Scheduler, Task } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';

/** Where the clock of every run begins, in epoch milliseconds. */
export const STARTED_AT = Date.UTC(2026, 0, 22, 10);

interface SimTimer {
  task: Task;
  ref(): SimTimer;
  unref(): SimTimer;
}

/**
 * Takes the clock, the timers and `Math.random` of this process over, until disposed. The node's code uses those of the
 * platform, so this is where it meets the scheduler; the client has its own `runtime`.
 */
export function takeOverTime(scheduler: Scheduler, random: SeededRandom): Disposable {
  const timerOf = (task: Task): SimTimer => {
    const timer: SimTimer = { task, ref: () => timer, unref: () => timer };
    return timer;
  };
  const setTimeout = (callback: () => void, delayMs = 0): SimTimer => {
    return timerOf(scheduler.after(Math.max(1, delayMs), scheduler.current, callback));
  };
  const setInterval = (callback: () => void, everyMs: number): SimTimer => {
    const owner = scheduler.current;
    const beat = (): void => {
      timer.task = scheduler.after(everyMs, owner, beat);
      callback();
    };
    const timer = timerOf(scheduler.after(everyMs, owner, beat));
    return timer;
  };
  const setImmediate = (callback: () => void): SimTimer => {
    return timerOf(scheduler.after(0, scheduler.current, callback));
  };
  const clear = (timer: SimTimer | undefined): void => {
    if (timer) scheduler.cancel(timer.task);
  };
  const sleep = async <T>(delayMs: number, value: T): Promise<T> => {
    await scheduler.sleep(delayMs);
    return value;
  };

  const restore = [
    replace(globalThis, { setTimeout, setInterval, setImmediate }),
    replace(globalThis, { clearTimeout: clear, clearInterval: clear, clearImmediate: clear }),
    replace(Date, { now: () => STARTED_AT + scheduler.now }),
    replace(performance, { now: () => scheduler.now }),
    replace(Math, { random: () => random.next() }),
    replace(timersPromises, { setTimeout: sleep }),
  ];
  syncBuiltinESMExports();
  return {
    [Symbol.dispose]() {
      for (const undo of restore) undo();
      syncBuiltinESMExports();
    },
  };
}

/** Replaces properties of a built-in object; answers how to put them back. */
function replace(target: object, values: Record<string, unknown>): () => void {
  const before = Object.keys(values).map((name) => [name, Object.getOwnPropertyDescriptor(target, name)] as const);
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: true });
  }
  return () => {
    for (const [name, descriptor] of before) {
      if (descriptor) Object.defineProperty(target, name, descriptor);
      else Reflect.deleteProperty(target, name);
    }
  };
}
