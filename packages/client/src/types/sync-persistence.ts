import type { Cursor, EditItem, RecordPatch, SyncedRecord, UnreadableRecord } from '@meldesync/protocol';
import type { Unsubscribe } from './unsubscribe.ts';

/**
 * A piece of the copy. The copy is what is left when its parts are taken in their order: each puts its records over
 * what came before and takes others away.
 */
export interface CopyPart {
  readonly records: readonly SyncedRecord[];
  readonly removed: readonly number[];
}

/** Where a copy stands in the feed, and when it was last known to be current, in epoch milliseconds. */
export interface CopyPosition {
  readonly cursor: Cursor;
  readonly currentAt: number;
  /** Records that could not be read, which are in no part. */
  readonly unreadable?: readonly UnreadableRecord[];
}

/** A copy as it was kept. Nothing in it is trusted before it was checked. */
export interface KeptCopy {
  readonly position: unknown;
  readonly parts: AsyncIterable<unknown>;
}

/** Edits of this client that followed on each other: nobody else's change lies between the two versions. */
export interface EditBase {
  readonly from: number;
  readonly to: number;
}

/** An intent of an edit that waits. */
export interface KeptIntent {
  readonly seen: SyncedRecord;
  readonly set: RecordPatch;
  readonly resolves?: EditItem['resolves'];
}

/** An edit that waits for its answer. */
export interface KeptEdit {
  readonly operation: string;
  /** Edits are sent in this order. */
  readonly order: number;
  readonly intents: readonly KeptIntent[];
  /** What each is based on once it was sent, so that it is sent again word for word; null while it waits for another. */
  readonly bases: readonly EditBase[] | null;
}

/**
 * Keeps one person's copy of one workspace, and their edits that wait, beyond the life of a page. Every method may
 * reject; the client then goes on without it and says so (`onError`).
 */
export interface SyncPersistence {
  /** Whose it is. Nothing of it is used while the server takes the client for somebody else. */
  readonly user: string;
  /**
   * The copy, null when there is none of this form. It belongs to this client from then on: what clients before it save
   * is refused.
   */
  loadCopy(): Promise<KeptCopy | null>;
  /** Puts a copy in the place of the one before, or leaves that as it is. False when another client owns it by now. */
  replaceCopy(position: CopyPosition, parts: Iterable<CopyPart>): Promise<boolean>;
  /** Adds parts and moves the position, both or neither. False when another client owns it by now. */
  extendCopy(position: CopyPosition, parts: readonly CopyPart[]): Promise<boolean>;
  /** The edits of clients that are gone, which now are those of this one. */
  loadEdits(): Promise<readonly unknown[]>;
  /**
   * Calls back with the edits of each client that goes away while this one is there: they now are those of this one, and of no other.
   * Absent where clients do not know of each other.
   */
  watchEdits?(listener: (edits: readonly unknown[]) => void): Unsubscribe;
  /** Calls back when what was kept is gone, because the machine needed the room or somebody removed it. */
  onLost?(listener: () => void): Unsubscribe;
  /** Both or neither. An edit of an operation that is there already replaces it. */
  saveEdits(changes: { readonly put: readonly KeptEdit[]; readonly removed: readonly string[] }): Promise<void>;
  /** Removes everything of this person and workspace, also what writes that were asked for before still bring. */
  forget(): Promise<void>;
}
