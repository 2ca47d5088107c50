import type { EntrySource } from '../entry.ts';

export const FINDING_KINDS = [
  /** An entry is not what was sealed. */
  'entry-altered',
  /** An entry is gone, and no event tells of a cut. */
  'entry-removed',
  /** An entry is there that was not when everything up to its place was sealed. */
  'entry-inserted',
  /** An entry is not in its place. */
  'entry-reordered',
  /** An export has an entry more than once. */
  'entry-repeated',
  /** What proves an entry was altered, the entry is as it was sealed. */
  'leaf-altered',
  'leaf-removed',
  'leaf-inserted',
  /** Entries were altered together with their leaves: one of those from `entry` to `upTo`. */
  'batch-altered',
  'seal-altered',
  'seal-removed',
  /** A checkpoint tells of seals that are not there: the end was cut off. */
  'tail-removed',
  /** A checkpoint tells of another seal than the one that is there. */
  'checkpoint-differs',
  /** Nobody who has the key signed it. */
  'checkpoint-forged',
  'checkpoint-key-unknown',
  'checkpoint-unreadable',
  /** Checkpoints of the file do not follow on each other: an older one was put in. */
  'checkpoint-replayed',
  /** The database has a checkpoint that the file has not. */
  'checkpoint-removed',
  /** Content is erased, or an entry is gone, and no event tells of just that. */
  'cut-unproved',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** An entry that a finding names. */
export interface NamedEntry {
  readonly source: EntrySource;
  readonly id: string;
}

/** Something that is not as it was sealed. */
export interface Finding {
  readonly kind: FindingKind;
  /** The seal it is in, or after which something is missing. */
  readonly seal: number | null;
  readonly entry: NamedEntry | null;
  /** The last entry that it may be, where only the batch is known. */
  readonly upTo: NamedEntry | null;
  /** When the entry was written, or else sealed; microseconds since 1970. */
  readonly micros: string | null;
}
