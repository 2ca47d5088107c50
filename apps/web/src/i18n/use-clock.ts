import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { fromMachineTime, pageNow, serverNow } from '../time/page-time.ts';

/**
 * What the service's clock says, in epoch milliseconds, rounded down to `stepMs`; whoever reads it is drawn anew with each step. To be
 * compared with times of the service, whatever the clock of this machine shows.
 */
export function useClock(stepMs: number): number {
  return useSteps(stepMs, serverNow);
}

/** The same of this page's own time, for what it has seen itself. Null: the clock stands, at 0. */
export function usePageClock(stepMs: number | null): number {
  return useSteps(stepMs, pageNow);
}

/** A time by the clock of this machine, as soon as it is known, in the page's own. */
export function useOwnTime(shown: number): number {
  return useMemo(() => fromMachineTime(shown), [shown]);
}

function useSteps(stepMs: number | null, now: () => number): number {
  const subscribe = useCallback(
    (listener: () => void) => {
      if (stepMs === null) return () => undefined;
      const timer = setInterval(listener, stepMs);
      return () => clearInterval(timer);
    },
    [stepMs],
  );
  return useSyncExternalStore(subscribe, () => (stepMs === null ? 0 : Math.floor(now() / stepMs) * stepMs));
}

/** Often enough to know what day it is. */
export const MINUTE_MS = 60_000;
