import type { NodeRuntime } from '@meldesync/sync-node/logic';
import type { Scheduler, SimProcess, Task } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';

/** Where the clock of every run begins, in epoch milliseconds. */
export const STARTED_AT = Date.UTC(2026, 0, 22, 10);

/** Clock, timers and chance of a simulated process. */
export function simulatedRuntime(scheduler: Scheduler, process: SimProcess, random: SeededRandom): NodeRuntime {
  const after = (delayMs: number, callback: () => void): Task => scheduler.after(delayMs, process, callback);
  return {
    now: () => STARTED_AT + scheduler.now + process.clockOffsetMs,
    epochMs: () => STARTED_AT + scheduler.now + process.clockOffsetMs,
    monotonicMs: () => scheduler.now,
    after: (delayMs, callback) => {
      // As Node does it: never in the same millisecond.
      const task = after(Math.max(1, delayMs), callback);
      return { cancel: () => scheduler.cancel(task) };
    },
    every: (intervalMs, callback) => {
      const beat = (): void => {
        task = after(intervalMs, beat);
        callback();
      };
      let task = after(intervalMs, beat);
      return { cancel: () => scheduler.cancel(task) };
    },
    soon: (callback) => {
      after(0, callback);
    },
    sleep: (delayMs) =>
      new Promise((resolve) => {
        if (scheduler.leave('sleep')) after(delayMs, resolve);
      }),
    random: () => random.next(),
    randomId: () => uuid(random),
  };
}

/** A UUID (RFC 9562, version 4). */
function uuid(random: SeededRandom): string {
  const digits = (count: number): string =>
    Array.from({ length: count }, () => random.integer(0, 15).toString(16)).join('');
  return `${digits(8)}-${digits(4)}-4${digits(3)}-8${digits(3)}-${digits(12)}`;
}
