import type { RecordLock } from '@meldesync/protocol';

/** Who holds which record, as an edit asks before it is carried out (R1.4). */
export interface LockCheck {
  /**
   * The locks that persons other than the user hold on some of the records, by record id. Never rejects: while locks
   * cannot be known there are none, and the version check in Postgres alone decides.
   */
  heldByOthers(
    workspaceId: string,
    records: readonly number[],
    userId: string,
  ): Promise<ReadonlyMap<number, RecordLock>>;
}
