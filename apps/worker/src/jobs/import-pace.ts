import { isAtLeast } from '@meldesync/operations';
import type { OperationsLevel } from '@meldesync/protocol';
import type { Pace } from './fair-turns.ts';

/** After each batch, at the level `reduced`: most of the time is left to what people do. */
const REDUCED_PAUSE_MS = 1_000;

/** How much a worker does at a level (R5.4): `reduced` a batch at a time, with pauses; none from `minimal` on. */
export function importPace(level: OperationsLevel['name'], concurrency: number): Pace {
  if (isAtLeast(level, 'minimal')) return { atOnce: 0, pauseMs: 0 };
  if (isAtLeast(level, 'reduced')) return { atOnce: 1, pauseMs: REDUCED_PAUSE_MS };
  return { atOnce: concurrency, pauseMs: 0 };
}
