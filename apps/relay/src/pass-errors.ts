import type { FoundOut } from './epoch-end.ts';

/* What ends a pass and makes another one necessary. */

/** Redis lost entries: the WAL must be read again from the confirmed position. */
export class EntriesLostError extends Error {}

/**
 * Another relay took the feed over, confirmed a position after this pass had read where to start, or began another epoch; or what the
 * pass began with is not so any more.
 */
export class TakenOverError extends Error {}

/** The epoch cannot go on. */
export class EpochOverError extends Error {
  readonly why: FoundOut;

  constructor(why: FoundOut, message: string) {
    super(message);
    this.name = 'EpochOverError';
    this.why = why;
  }
}
