import type { BusFrame } from '@meldesync/bus';
import { TIERS_MS, type TierMs } from '@meldesync/protocol';
import type { NodeRuntime, Timer } from '../runtime.ts';
import { isRange, messagesOf, type Step } from './steps.ts';

/** A tier other than live. */
export type SlowTierMs = Exclude<TierMs, 0>;

/** Sends the feed of a workspace to the sockets of the slower tiers (R4.5): merged, and only as often as they can take. */
export interface TierFanout {
  send(step: Step): void;
  /** Sends what a tier has waiting, because a socket joins or leaves it. */
  flush(tierMs: SlowTierMs): void;
  /** Drops what waits in every tier: the next step does not follow on it. */
  clear(): void;
}

export interface TierFanoutOptions {
  /** Gives a text to all sockets of a tier. */
  readonly publish: (tierMs: SlowTierMs, message: string, frames: readonly BusFrame[]) => void;
  /** So many frames became part of another. */
  readonly onMerged: (tierMs: SlowTierMs, frames: number) => void;
  /** How many sockets a tier has. */
  readonly count: (tierMs: SlowTierMs) => number;
  readonly runtime: NodeRuntime;
}

const SLOW_TIERS = TIERS_MS.filter((tierMs): tierMs is SlowTierMs => tierMs !== 0);

/**
 * Collects steps for each tier and sends them, merged, when the tier's time is over. The steps that wait have no gap and end
 * where the feed stands, so a socket that joins the tier meanwhile gets all it needs, and some that it has already. For a tier
 * without sockets nothing is collected; what waited when its last socket left is dropped with the next step.
 */
export function createTierFanout({ publish, onMerged, count, runtime }: TierFanoutOptions): TierFanout {
  const waiting = new Map<SlowTierMs, { steps: Step[]; timer: Timer }>();

  const drop = (tierMs: SlowTierMs) => {
    waiting.get(tierMs)?.timer.cancel();
    waiting.delete(tierMs);
  };
  const flush = (tierMs: SlowTierMs) => {
    const held = waiting.get(tierMs);
    if (!held) return;
    drop(tierMs);
    let merged = held.steps.filter((step) => !isRange(step)).length;
    for (const { text, frameCount, frames } of messagesOf(held.steps, true, runtime.epochMs(), count(tierMs))) {
      merged -= frameCount;
      publish(tierMs, text, frames);
    }
    if (merged > 0) onMerged(tierMs, merged);
  };

  return {
    send: (step) => {
      for (const tierMs of SLOW_TIERS) {
        if (count(tierMs) === 0) {
          drop(tierMs);
          continue;
        }
        const held = waiting.get(tierMs);
        if (held) held.steps.push(step);
        else waiting.set(tierMs, { steps: [step], timer: runtime.after(tierMs, () => flush(tierMs)) });
      }
    },
    flush,
    clear: () => SLOW_TIERS.forEach(drop),
  };
}
