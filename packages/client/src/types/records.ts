import type { Meldebestaetigung } from '@meldesync/domain';
import type { Change, SyncedRecord } from '@meldesync/protocol';
import type { Unsubscribe } from './unsubscribe.ts';

/** A record in the client's store, with its IBE segment taken apart once. Never mutated: a change makes a new object. */
export interface ClientRecord extends SyncedRecord {
  /** Null when the segment stored on the server cannot be parsed (written past the application). */
  readonly mb: Meldebestaetigung | null;
}

/** One change as the store applied it: what the record was and what it is. */
export interface AppliedChange {
  readonly change: Change;
  /** Undefined on an insert. */
  readonly before: ClientRecord | undefined;
  /** Undefined on a delete. */
  readonly after: ClientRecord | undefined;
  /** True when this client's own edit made it. */
  readonly own: boolean;
}

/** The confirmed records of one workspace, kept current by the feed. */
export interface RecordStore {
  readonly size: number;
  get(id: number): ClientRecord | undefined;
  values(): IterableIterator<ClientRecord>;
  /**
   * Called once a batch, after it was applied: the changes of a frames message. Empty `changes` say that the store is to
   * be read anew: after each snapshot, and while the first one is loaded each time its records have doubled.
   */
  subscribe(listener: (changes: readonly AppliedChange[]) => void): Unsubscribe;
}
