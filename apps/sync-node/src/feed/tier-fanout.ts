import { TIERS_MS, type TierMs } from '@meldesync/protocol';
import { messagesOf, type Step } from './steps.ts';

/** A tier other than live. */
export type SlowTierMs = Exclude<TierMs, 0>;

/** Sends the feed of a workspace to the sockets of the slower tiers (R4.5): merged, and only as often as they can take. */
export interface TierFanout {
  send(step: Step): void;
  /** Sends what a tier has waiting, because a socket joins or leaves it. */
  flush(tierMs: SlowTierMs): void;
  /** Forgets what waits in every tier: what comes next does not follow on it. */
  clear(): void;
}

export interface TierFanoutOptions {
  /** Gives a text to all sockets of a tier. */
  readonly publish: (tierMs: SlowTierMs, message: string) => void;
  /** How many sockets a tier has. */
  readonly count: (tierMs: SlowTierMs) => number;
}

const SLOW_TIERS = TIERS_MS.filter((tierMs): tierMs is SlowTierMs => tierMs !== 0);

/**
 * What waits in a tier has no gap and ends where the feed stands, so that it is one frame for whoever joins meanwhile. While
 * no socket is in a tier nothing is kept, and what its last socket left behind goes with the next step.
 */
export function createTierFanout({ publish, count }: TierFanoutOptions): TierFanout {
  const waiting = new Map<SlowTierMs, { steps: Step[]; timer: NodeJS.Timeout }>();

  const drop = (tierMs: SlowTierMs) => {
    clearTimeout(waiting.get(tierMs)?.timer);
    waiting.delete(tierMs);
  };
  const flush = (tierMs: SlowTierMs) => {
    const held = waiting.get(tierMs);
    if (!held) return;
    drop(tierMs);
    for (const { text } of messagesOf(held.steps, true)) publish(tierMs, text);
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
        else waiting.set(tierMs, { steps: [step], timer: setTimeout(() => flush(tierMs), tierMs) });
      }
    },
    flush,
    clear: () => SLOW_TIERS.forEach(drop),
  };
}
