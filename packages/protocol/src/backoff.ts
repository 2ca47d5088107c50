/**
 * How a client that comes back by itself spreads its tries (R4.1): before try number n it waits a time drawn uniformly between
 * `minMs` and a ceiling, which is `firstMaxMs` before the first try, doubles with each, and stays at `maxMs`. Above `firstMaxMs`
 * the ceiling is lower by as long as the try before it had waited for an answer: that time has spread the tries already.
 */
export interface Backoff {
  readonly minMs: number;
  readonly firstMaxMs: number;
  readonly maxMs: number;
}

/**
 * The backoff of a client, and of one for which a lock waits on the server (R2.3).
 *
 * Everybody is to be back within 5 s of an outage's end, however long it was, and the service needs part of these to start: the last
 * try before it may have been refused just then (3 s), or begun just then on a line that swallows it (the 2.5 s after which a
 * client on a quick line gives one up, and 2 s). 10,000 clients that find nobody make 5,700 tries a second, and come back in 3 s: fewer at
 * a time than when a node goes away and its clients come back to another, within 2 s.
 */
export const BACKOFF = {
  usual: { minMs: 500, firstMaxMs: 2_000, maxMs: 3_000 },
  eager: { minMs: 500, firstMaxMs: 1_500, maxMs: 1_500 },
} as const satisfies Record<string, Backoff>;
