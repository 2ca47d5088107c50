import type { Readiness } from '@meldesync/telemetry';
import { CANARY_LIMIT_MS, type CanaryRound } from './canary.ts';

/** What a relay does: `starting` until it holds the slot or stands by, and again when a pass has failed. */
export type RelayRole = 'active' | 'standby' | 'starting';

export interface RelayFacts {
  readonly role: RelayRole;
  readonly round: Pick<CanaryRound, 'ageMs'>;
  /** Why the last pass ended; undefined while one goes on. */
  readonly failure: string | undefined;
  /** Whether Postgres has answered the last question. */
  readonly postgresAnswers: boolean;
  readonly isStopping: boolean;
  /** Monotonic milliseconds. */
  readonly now: number;
}

/**
 * How a relay is. The active one is well while its canaries come round, which takes Postgres, the slot and a Redis that takes
 * what it is given. One that stands by is ready as that, while Postgres answers.
 */
export function relayReadiness(facts: RelayFacts): Readiness {
  const { role, round, failure, postgresAnswers, isStopping, now } = facts;
  const ageMs = round.ageMs(now);
  const isFresh = ageMs < CANARY_LIMIT_MS;
  const missing = [
    ...(isStopping ? ['stopping'] : []),
    ...(postgresAnswers ? [] : ['Postgres does not answer']),
    ...(role === 'starting' ? [failure ?? 'it neither holds the slot yet nor stands by'] : []),
    ...(role === 'active' && !isFresh ? ['no canary comes round'] : []),
  ];
  const usable = missing.length === 0;
  return {
    usable,
    live: usable && role === 'active',
    missing,
    canaryAgeMs: Number.isFinite(ageMs) ? Math.round(ageMs) : null,
    role,
  };
}
