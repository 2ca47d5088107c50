import type { ClientRuntime } from '../src/types/environment.ts';

/** A clock that only moves when told to, with the timers that hang on it. */
export interface VirtualTime {
  readonly runtime: ClientRuntime;
  readonly timers: number;
  /** Moves on, running what falls due in its order. */
  advance(ms: number): void;
  /** The machine sleeps: the clock moves on and nothing runs; what fell due runs, late, with the next `advance`. */
  sleep(ms: number): void;
  /** The clock is set by so much, and no timer takes note of it. */
  setClock(byMs: number): void;
}

/** Starts at a fixed time; `random` is what the runtime hands out. */
export function createVirtualTime(random: () => number = () => 0.5): VirtualTime {
  let now = 1_700_000_000_000;
  let clockOffset = 0;
  let timerIds = 0;
  let operations = 0;
  const timers = new Map<number, { readonly at: number; readonly callback: () => void }>();

  const nextDue = (until: number): number | undefined => {
    let due: number | undefined;
    for (const [id, { at }] of timers) {
      const best = due === undefined ? undefined : timers.get(due);
      if (at <= until && (best === undefined || at < best.at)) due = id;
    }
    return due;
  };

  return {
    get timers() {
      return timers.size;
    },
    runtime: {
      now: () => now + clockOffset,
      wallNow: () => now + clockOffset,
      random,
      randomId: () => `operation-${++operations}`,
      setTimeout(callback, delayMs) {
        const id = ++timerIds;
        timers.set(id, { at: now + delayMs, callback });
        return id;
      },
      actedAt: () => now,
      afterPaint: (callback) => callback(),
      clearTimeout: (timer) => {
        timers.delete(timer as number);
      },
    },
    sleep(ms) {
      now += ms;
    },
    setClock(byMs) {
      clockOffset += byMs;
    },
    advance(ms) {
      const until = now + ms;
      for (let id = nextDue(until); id !== undefined; id = nextDue(until)) {
        const timer = timers.get(id);
        timers.delete(id);
        now = Math.max(now, timer?.at ?? now);
        timer?.callback();
      }
      now = until;
    },
  };
}
