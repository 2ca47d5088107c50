/* What ends a pass and makes another one necessary. */

/** Redis lost entries: the WAL must be read again from the confirmed position. */
export class EntriesLostError extends Error {}

/** Another relay took the feed over, confirmed a position after this pass had read where to start, or began another epoch. */
export class TakenOverError extends Error {}

/** Redis holds what the log does not: Postgres was set back, and the epoch cannot go on. */
export class LogSetBackError extends Error {}
