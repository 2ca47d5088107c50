import type { NodeRuntime, Timer } from '../runtime.ts';

/** A canary comes every second. Without one for so long, this node does not hear what happens. */
export const STALE_AFTER_MS = 6_000;
/** A node is live again when it hears one that is no older than this: between the two it stays what it was. */
export const LIVE_BELOW_MS = 3_000;
const LOOK_EVERY_MS = 500;
/** Between two looks no more than this counts: the rest of the time the process stood still, and could not have heard anything. */
const MOST_BETWEEN_LOOKS_MS = 2 * LOOK_EVERY_MS;

/**
 * Whether this node hears what happens. A canary goes through Postgres, the relay, Redis and this node's own subscription, as
 * each frame does. `live`: one came lately. `stale`: none did. `starting`: none yet, and too early to say.
 */
export type FreshnessState = 'starting' | 'live' | 'stale';

export interface FreshnessOptions {
  readonly runtime: Pick<NodeRuntime, 'monotonicMs' | 'every'>;
  readonly onChange: (state: FreshnessState) => void;
}

/**
 * Follows the age of the canary. The age that is told is by the clock; what decides is how long this process, awake, heard
 * none, so that one whose processor was busy elsewhere takes nothing for silence that it had no time to hear.
 */
export class Freshness implements Disposable {
  readonly #options: FreshnessOptions;
  readonly #looks: Timer;
  #state: FreshnessState = 'starting';
  /** How long this process has been awake since the freshest canary was written. */
  #quietMs = 0;
  #lookedAt: number;
  /** When the freshest canary was written, or this began, in monotonic milliseconds. */
  #freshAt: number;

  constructor(options: FreshnessOptions) {
    this.#options = options;
    this.#lookedAt = options.runtime.monotonicMs();
    this.#freshAt = this.#lookedAt;
    this.#looks = options.runtime.every(LOOK_EVERY_MS, () => this.#look());
  }

  get state(): FreshnessState {
    return this.#state;
  }

  /** How old what this node knows is at most, in milliseconds; since its start while no canary has come. */
  get ageMs(): number {
    return Math.max(0, Math.round(this.#options.runtime.monotonicMs() - this.#freshAt));
  }

  /** A canary came, that was on its way to the relay for so long. One that is read from the log once more changes nothing. */
  heard(transitMs: number): void {
    this.#freshAt = Math.max(this.#freshAt, this.#options.runtime.monotonicMs() - transitMs);
    this.#quietMs = Math.min(this.#quietMs, transitMs);
    if (transitMs < LIVE_BELOW_MS) this.#become('live');
  }

  [Symbol.dispose](): void {
    this.#looks.cancel();
  }

  #look(): void {
    const now = this.#options.runtime.monotonicMs();
    this.#quietMs += Math.min(now - this.#lookedAt, MOST_BETWEEN_LOOKS_MS);
    this.#lookedAt = now;
    if (this.#quietMs >= STALE_AFTER_MS) this.#become('stale');
  }

  #become(state: FreshnessState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#options.onChange(state);
  }
}
