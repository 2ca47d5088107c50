/**
 * How a client that comes back by itself spreads its tries (R4.1): before try number n it waits a time drawn uniformly between
 * `minMs` and a ceiling, which is `firstMaxMs` before the first try, doubles with each, and stays at `maxMs`.
 */
export interface Backoff {
  readonly minMs: number;
  readonly firstMaxMs: number;
  readonly maxMs: number;
}

/**
 * The backoff of a client, and of one for which a lock waits on the server (R2.3).
 *
 * Everybody is to be back within 10 s of an outage's end, however long it was: the last try before it may have been just then.
 * 10,000 clients that find nobody make 2,400 tries a second.
 */
export const BACKOFF = {
  usual: { minMs: 500, firstMaxMs: 2_000, maxMs: 8_000 },
  eager: { minMs: 500, firstMaxMs: 1_500, maxMs: 1_500 },
} as const satisfies Record<string, Backoff>;
