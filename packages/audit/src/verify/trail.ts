import type { Checkpoint } from '../checkpoint.ts';
import type { EntryHeader, EntrySource } from '../entry.ts';
import type { Seal } from '../seal.ts';

/** An entry as the tables have it. */
export interface StoredEntry extends EntryHeader {
  /** The jsonb text of `[before, after]`. */
  readonly content: string;
}

/** Where an entry is sealed, and the entry where it is still there. */
export interface StoredLeaf {
  readonly seal: number;
  readonly position: number;
  readonly source: EntrySource;
  readonly id: string;
  /** Null once the content is erased, or the entry cut. */
  readonly salt: Uint8Array | null;
  readonly commitment: Uint8Array | null;
  readonly leaf: Uint8Array;
  /** Ids of the events that erased the content, and took the entry away. */
  readonly erased: string | null;
  readonly cut: string | null;
  readonly entry: StoredEntry | null;
}

/** An entry that no leaf is of. */
export type LooseEntry = Pick<StoredEntry, 'source' | 'id' | 'txid' | 'micros' | 'columns' | 'content'>;

/** What is verified, as of one moment; each in its order. */
export interface Trail {
  readonly seals: () => AsyncIterable<Seal>;
  /** By seal and position. */
  readonly leaves: () => AsyncIterable<StoredLeaf>;
  readonly loose: () => AsyncIterable<LooseEntry>;
  /** Those that the database has, by their seal. */
  readonly checkpoints: () => AsyncIterable<Checkpoint>;
  /** Of which server the trail is now: another one's transaction ids cannot be compared with the last seal's. */
  readonly incarnation: string;
  /** The moment it is of, by the clock of the database; microseconds since 1970. */
  readonly micros: string;
}
