import type { BusFrame } from '@meldesync/bus';
import type { NodeRuntime, Timer } from '../runtime.ts';
import { messagesOf, type Step } from './steps.ts';

/** Sends the feed of a workspace to its live sockets. */
export interface Fanout {
  /** Queues a step; the frames of one tick share a message, under load those of a short while, and so do ranges. */
  send(step: Step): void;
  /** Sends what is queued now. */
  flush(): void;
}

export interface FanoutOptions {
  /** Gives a text to all live sockets of the workspace. */
  readonly publish: (message: string, frameCount: number, frames: readonly BusFrame[]) => void;
  /** How many live sockets there are. */
  readonly liveCount: () => number;
  readonly runtime: NodeRuntime;
}

/** Up to this many sockets, messages go out at once, however many there are. */
const UNSPACED_SOCKETS = 150;
/** Each further socket spaces the messages by this much, up to the limit: well inside the 100 ms of R1.2. */
const SPACING_MS_PER_SOCKET = 0.5;
const MAX_SPACING_MS = 50;

/** How far apart the messages to this many sockets are kept, in milliseconds. */
export function spacingMs(sockets: number): number {
  return Math.min(MAX_SPACING_MS, Math.max(0, (sockets - UNSPACED_SOCKETS) * SPACING_MS_PER_SOCKET));
}

/**
 * A message costs a system call a socket, whatever it holds. A frame after a quiet while goes out at once; where many
 * sockets listen, those that follow closely on it share the next message.
 */
export function createFanout({ publish, liveCount, runtime }: FanoutOptions): Fanout {
  let pending: Step[] = [];
  let lastAt = Number.NEGATIVE_INFINITY;
  let timer: Timer | undefined;
  const flush = () => {
    timer?.cancel();
    timer = undefined;
    if (pending.length === 0) return;
    const batch = pending;
    pending = [];
    lastAt = runtime.monotonicMs();
    for (const { text, frameCount, frames } of messagesOf(batch, false, runtime.epochMs(), liveCount()))
      publish(text, frameCount, frames);
  };
  return {
    send: (step) => {
      pending.push(step);
      if (pending.length > 1) return;
      const waitMs = lastAt + spacingMs(liveCount()) - runtime.monotonicMs();
      // Redis delivers what came in one read in one go; its frames share a message without anyone waiting for more.
      if (waitMs <= 0) runtime.soon(flush);
      else timer = runtime.after(waitMs, flush);
    },
    flush,
  };
}
