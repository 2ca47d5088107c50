import { randomUUID } from 'node:crypto';
import { epochMs } from '@meldesync/telemetry';

/** Something that is going to happen. */
export interface Timer {
  /** It does not happen any more. */
  cancel(): void;
}

/** Clock, timers and chance of a node. A simulation brings its own, and so decides what happens when. */
export interface NodeRuntime {
  /** Epoch milliseconds. */
  now(): number;
  /** The same with fractions: by it times of several processes are compared. */
  epochMs(): number;
  /** Milliseconds that only go forward, from any beginning. */
  monotonicMs(): number;
  /** Calls back once, after a while. */
  after(delayMs: number, callback: () => void): Timer;
  /** Calls back again and again. */
  every(intervalMs: number, callback: () => void): Timer;
  /** Calls back in a turn of its own, when what is happening now is over. */
  soon(callback: () => void): void;
  sleep(delayMs: number): Promise<void>;
  /** In [0, 1). */
  random(): number;
  /** A random UUID. */
  randomId(): string;
}

/** Those of this process. */
export const systemRuntime: NodeRuntime = {
  now: () => Date.now(),
  epochMs,
  monotonicMs: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
  every: (intervalMs, callback) => {
    const timer = setInterval(callback, intervalMs);
    return { cancel: () => clearInterval(timer) };
  },
  soon: (callback) => {
    setImmediate(callback);
  },
  sleep: (delayMs) =>
    new Promise((resolve) => {
      setTimeout(resolve, delayMs);
    }),
  random: () => Math.random(),
  randomId: () => randomUUID(),
};
