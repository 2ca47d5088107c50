import { useCallback, useSyncExternalStore } from 'react';

/**
 * The time in epoch milliseconds, rounded down to `stepMs`; whoever reads it is drawn anew with each step. Null: the
 * clock stands, at 0.
 */
export function useClock(stepMs: number | null): number {
  const subscribe = useCallback(
    (listener: () => void) => {
      if (stepMs === null) return () => undefined;
      const timer = setInterval(listener, stepMs);
      return () => clearInterval(timer);
    },
    [stepMs],
  );
  return useSyncExternalStore(subscribe, () => (stepMs === null ? 0 : Math.floor(Date.now() / stepMs) * stepMs));
}

/** Often enough to know what day it is. */
export const MINUTE_MS = 60_000;
