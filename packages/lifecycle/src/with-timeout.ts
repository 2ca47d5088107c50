/** Where timers come from: the process's own, or those of a simulation. */
export interface Timers {
  /** Calls back once, after a while. */
  after(delayMs: number, callback: () => void): { cancel(): void };
}

const PROCESS_TIMERS: Timers = {
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};

/**
 * What `work` comes to, or what `onLate` says when it has not come to anything within the time. `onLate` may throw. The work itself
 * goes on: a rejection that comes later is nobody's.
 */
export function withTimeout<T, Late = never>(
  work: Promise<T>,
  timeoutMs: number,
  onLate: () => Late,
  timers: Timers = PROCESS_TIMERS,
): Promise<T | Late> {
  return new Promise((resolve, reject) => {
    const timer = timers.after(timeoutMs, () => {
      try {
        resolve(onLate());
      } catch (error) {
        reject(error);
      }
    });
    work.then(
      (value) => {
        timer.cancel();
        resolve(value);
      },
      (error: unknown) => {
        timer.cancel();
        reject(error);
      },
    );
  });
}
