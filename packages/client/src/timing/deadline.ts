import type { ClientRuntime } from '../types/environment.ts';

/** One timer at a time: each takes the place of the one before. */
export interface Deadline<Cause> {
  readonly isArmed: boolean;
  arm(delayMs: number, cause: Cause): void;
  disarm(): void;
}

/** Makes a deadline that is not armed. */
export function createDeadline<Cause>(runtime: ClientRuntime, onReached: (cause: Cause) => void): Deadline<Cause> {
  let timer: unknown = null;
  const disarm = (): void => {
    if (timer !== null) runtime.clearTimeout(timer);
    timer = null;
  };
  return {
    get isArmed() {
      return timer !== null;
    },
    arm(delayMs, cause) {
      disarm();
      timer = runtime.setTimeout(() => {
        timer = null;
        onReached(cause);
      }, delayMs);
    },
    disarm,
  };
}
