import { withTimeout } from '@meldesync/lifecycle';
import type { NodeRuntime } from '../runtime.ts';

/** How far apart the batches are in which clients are sent away, and how long it takes for each of them. */
const DRAIN_BATCH_EVERY_MS = 100;
const DRAIN_MS_PER_CLIENT = 2;
const MAX_DRAIN_MS = 15_000;
/** How long what clients have asked for may still take. */
const ANSWER_GRACE_MS = 3_000;

/** Over how long this many clients are sent away, so that the other nodes can take them in as they come. */
function drainWindowMs(clients: number): number {
  return Math.min(MAX_DRAIN_MS, clients * DRAIN_MS_PER_CLIENT);
}

/** After how long one client is to come back, in milliseconds: each gets a moment of its own. */
export function drawReturnMs({ random }: Pick<NodeRuntime, 'random'>): number {
  return random() * DRAIN_BATCH_EVERY_MS * 2;
}

/** A client that is sent elsewhere comes no sooner: until then the other nodes know whether they are any better. */
const LEAST_MOVE_MS = 500;
const MOVE_WINDOW_MS = 1_500;

/** After how long one of so many that all leave at once is to come back, in milliseconds. */
export function drawMoveMs(leaving: number, { random }: Pick<NodeRuntime, 'random'>): number {
  return LEAST_MOVE_MS + random() * Math.max(MOVE_WINDOW_MS, drainWindowMs(leaving));
}

/** One that can be sent away. */
interface Leaving {
  /** Resolves when it has been told. */
  drain(reconnectInMs: number): Promise<void>;
}

/** Sends all of them away, in batches. Resolves when they have been told, after the drain window at the latest. */
export async function drainInBatches(
  leaving: readonly Leaving[],
  runtime: Pick<NodeRuntime, 'random' | 'sleep' | 'after'>,
): Promise<void> {
  const batches = Math.ceil(drainWindowMs(leaving.length) / DRAIN_BATCH_EVERY_MS);
  const size = Math.max(1, Math.ceil(leaving.length / Math.max(1, batches)));
  const told: Promise<void>[] = [];
  for (let start = 0; start < leaving.length; start += size) {
    if (start > 0) await runtime.sleep(DRAIN_BATCH_EVERY_MS);
    for (const one of leaving.slice(start, start + size)) told.push(one.drain(drawReturnMs(runtime)));
  }
  // An edit that hangs must not keep the node: its client sends it again elsewhere, under the same operation.
  await withTimeout(Promise.all(told), ANSWER_GRACE_MS, () => undefined, runtime);
}
