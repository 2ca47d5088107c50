import { AWAKE_TIMERS, withTimeout } from '@meldesync/lifecycle';
import type { Readiness } from '@meldesync/telemetry';
import type { Freshness } from './core/freshness.ts';
import type { NodeRuntime } from './runtime.ts';

const TIMEOUT_MS = 2_000;
/** An answer is good for so long: a balancer asks every second or two, and whoever else may ask costs nothing. */
export const READINESS_KEPT_MS = 500;

export interface ReadinessOptions {
  /** Rejects when Postgres does not answer. */
  readonly database: () => Promise<void>;
  readonly freshness: Pick<Freshness, 'state' | 'ageMs'>;
  readonly runtime: Pick<NodeRuntime, 'monotonicMs'>;
}

/**
 * Makes the question how this node is. It is usable while Postgres answers: edits, snapshots and refreshes by hand need nothing
 * else. It is live while it hears canaries too. However many ask, Postgres is asked once, and again when the answer is older than
 * `READINESS_KEPT_MS`.
 */
export function createReadiness({ database, freshness, runtime }: ReadinessOptions): () => Promise<Readiness> {
  let shared: Promise<boolean> | undefined;
  let answeredAt: number | undefined;
  const usable = (): Promise<boolean> => {
    const isOld = answeredAt !== undefined && runtime.monotonicMs() - answeredAt >= READINESS_KEPT_MS;
    if (shared && !isOld) return shared;
    answeredAt = undefined;
    shared = answersInTime(database).finally(() => {
      answeredAt = runtime.monotonicMs();
    });
    return shared;
  };
  return async () => {
    const isUsable = await usable();
    const { state, ageMs } = freshness;
    const missing = [
      ...(isUsable ? [] : ['Postgres does not answer']),
      ...(state === 'live' ? [] : [`no canary for ${Math.round(ageMs / 1_000)} s`]),
    ];
    return { usable: isUsable, live: isUsable && state === 'live', missing, canaryAgeMs: ageMs };
  };
}

async function answersInTime(database: () => Promise<void>): Promise<boolean> {
  const answer = database().then(
    () => true,
    () => false,
  );
  return withTimeout(answer, TIMEOUT_MS, () => false, AWAKE_TIMERS);
}
