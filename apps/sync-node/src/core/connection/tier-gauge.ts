import { TIERS_MS, type TierMs } from '@meldesync/protocol';

/** How a connection does, as far as is known. */
export interface LinkQuality {
  /** Bytes that wait to be sent. */
  readonly bufferedBytes: number;
  /** As the client measured it last; 0 while it has said nothing. */
  readonly roundTripMs: number;
  /** How long the client took to apply the last changes; 0 while it has said nothing. */
  readonly applyLagMs: number;
}

/** Where a connection is, and how long it has done better than that. */
export interface TierGauge {
  readonly tierMs: TierMs;
  /** Since when every look called for a quicker tier; null while the last one did not. Milliseconds of any one clock. */
  readonly betterSince: number | null;
  /** How many looks in a row called for a slower tier. */
  readonly worse: number;
}

export const BEST: TierGauge = { tierMs: 0, betterSince: null, worse: 0 };

/** From these on a connection belongs into the tier: whichever of the three is worst decides. */
const LIMITS: readonly {
  readonly tierMs: TierMs;
  readonly bufferedBytes: number;
  readonly roundTripMs: number;
  readonly applyLagMs: number;
}[] = [
  { tierMs: 5_000, bufferedBytes: 512 * 1024, roundTripMs: 3_000, applyLagMs: 2_000 },
  { tierMs: 1_000, bufferedBytes: 256 * 1024, roundTripMs: 1_000, applyLagMs: 500 },
  { tierMs: 250, bufferedBytes: 64 * 1024, roundTripMs: 400, applyLagMs: 150 },
];
/** A connection must do better than the limits of its tier by this factor before it counts as better. */
const MARGIN = 0.6;
/** One bad look may be chance. */
const WORSE_LOOKS = 2;
/** How long a connection must do better before it gets one tier quicker. */
const BETTER_MS = 15_000;

/** Looks at a connection again: slower after two bad looks, one step quicker after 15 s of good ones (R4.5). */
export function look(gauge: TierGauge, quality: LinkQuality, now: number): TierGauge {
  const wanted = tierFor(quality, 1);
  if (wanted > gauge.tierMs) {
    const worse = gauge.worse + 1;
    return worse < WORSE_LOOKS
      ? { ...gauge, worse, betterSince: null }
      : { tierMs: wanted, betterSince: null, worse: 0 };
  }
  if (gauge.tierMs === 0 || tierFor(quality, MARGIN) >= gauge.tierMs) return { ...gauge, worse: 0, betterSince: null };
  const betterSince = gauge.betterSince ?? now;
  if (now - betterSince < BETTER_MS) return { ...gauge, worse: 0, betterSince };
  return { tierMs: quicker(gauge.tierMs), worse: 0, betterSince: null };
}

/**
 * Looks between two reports of the client, when only the buffer is news: what the client reported before can make the
 * connection better by lasting, but not worse a second time.
 */
export function glance(gauge: TierGauge, quality: LinkQuality, now: number): TierGauge {
  const { bufferedBytes } = quality;
  const wanted = tierFor({ bufferedBytes, roundTripMs: 0, applyLagMs: 0 }, 1);
  if (wanted <= gauge.tierMs && tierFor(quality, 1) > gauge.tierMs) return gauge;
  return look(gauge, quality, now);
}

/** Something was dropped for the connection: it needs room at once. */
export function leftUnread(gauge: TierGauge): TierGauge {
  return { tierMs: gauge.tierMs < 1_000 ? 1_000 : 5_000, betterSince: null, worse: 0 };
}

function tierFor({ bufferedBytes, roundTripMs, applyLagMs }: LinkQuality, factor: number): TierMs {
  const limit = LIMITS.find(
    (one) =>
      bufferedBytes >= one.bufferedBytes * factor ||
      roundTripMs >= one.roundTripMs * factor ||
      applyLagMs >= one.applyLagMs * factor,
  );
  return limit?.tierMs ?? 0;
}

function quicker(tierMs: TierMs): TierMs {
  return TIERS_MS[Math.max(0, TIERS_MS.indexOf(tierMs) - 1)] ?? 0;
}
