import type { BusFrame } from '@meldesync/bus';
import { type Frame, frame as frameSchema, TIERS_MS, type TierMs } from '@meldesync/protocol';
import { framesMessage } from './fanout.ts';
import { mergeFrames } from './merge-frames.ts';

/** A tier other than live. */
export type SlowTierMs = Exclude<TierMs, 0>;

/** Sends the frames of a workspace to the sockets of the slower tiers (R4.5): merged, and only as often as they can take. */
export interface TierFanout extends Disposable {
  send(frame: BusFrame): void;
  /** Sends what a tier has waiting, because a socket joins or leaves it. */
  flush(tierMs: SlowTierMs): void;
}

export interface TierFanoutOptions {
  /** Gives a text to all sockets of a tier. */
  readonly publish: (tierMs: SlowTierMs, message: string) => void;
  /** How many sockets a tier has. */
  readonly count: (tierMs: SlowTierMs) => number;
}

const SLOW_TIERS = TIERS_MS.filter((tierMs): tierMs is SlowTierMs => tierMs !== 0);

/** Frames that are kept back are read once for all tiers; nothing is kept or read while no socket is in one. */
export function createTierFanout({ publish, count }: TierFanoutOptions): TierFanout {
  const waiting = new Map<SlowTierMs, { frames: Frame[]; timer: NodeJS.Timeout }>();

  const flush = (tierMs: SlowTierMs) => {
    const held = waiting.get(tierMs);
    if (!held) return;
    waiting.delete(tierMs);
    clearTimeout(held.timer);
    const merged = mergeFrames(held.frames);
    if (merged) publish(tierMs, framesMessage([JSON.stringify(merged)]));
  };

  return {
    send: ({ json }) => {
      let frame: Frame | undefined;
      for (const tierMs of SLOW_TIERS) {
        if (count(tierMs) === 0) continue;
        frame ??= frameSchema.parse(JSON.parse(json));
        const held = waiting.get(tierMs);
        if (held) held.frames.push(frame);
        else waiting.set(tierMs, { frames: [frame], timer: setTimeout(() => flush(tierMs), tierMs) });
      }
    },
    flush,
    [Symbol.dispose]: () => {
      for (const { timer } of waiting.values()) clearTimeout(timer);
      waiting.clear();
    },
  };
}
