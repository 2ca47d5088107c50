import { setTimeout as sleep } from 'node:timers/promises';

export interface PaceOptions {
  readonly perSecond: number;
  readonly count: number;
  readonly signal: AbortSignal;
  /** Place of a call within its own slot of 1/perSecond seconds, in [0, 1); always its start unless given. */
  readonly place?: () => number;
}

/**
 * Calls `act` `count` times by the clock, whatever becomes of the calls before: a system that falls behind is not
 * spared, and a call that is late is made at once.
 */
export async function pace(options: PaceOptions, act: (index: number) => void): Promise<void> {
  const { perSecond, count, signal, place = () => 0 } = options;
  const startedMs = performance.now();
  for (let index = 0; index < count; index++) {
    const dueMs = startedMs + ((index + place()) * 1_000) / perSecond;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await sleep(waitMs, undefined, { signal });
    signal.throwIfAborted();
    act(index);
  }
}
