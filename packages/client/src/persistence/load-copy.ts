import type { Feed } from '../feed/feed.ts';
import { toClientRecord } from '../store/client-record.ts';
import type { ClientRecord } from '../types/records.ts';
import type { SyncPersistence } from '../types/sync-persistence.ts';
import { isCopyPart, isCopyPosition } from './check-copy.ts';

/** A copy that is in the store. */
export interface LoadedCopy {
  readonly currentAt: number;
  readonly parts: number;
}

/**
 * Brings the copy into the store if there is a sound one, and the feed to where it stands. Null without one: the store
 * is as it was. `isWanted` says whether anybody still waits for it.
 */
export async function loadCopy(
  persistence: Pick<SyncPersistence, 'loadCopy'>,
  feed: Feed,
  isWanted: () => boolean,
): Promise<LoadedCopy | null> {
  const copy = await persistence.loadCopy();
  if (!copy || !isCopyPosition(copy.position)) return null;
  const { position } = copy;
  const records = new Map<number, ClientRecord>();
  let parts = 0;
  for await (const part of copy.parts) {
    if (!isWanted() || !isCopyPart(part)) return null;
    for (const record of part.records) records.set(record.id, toClientRecord(record, records.get(record.id)));
    for (const id of part.removed) records.delete(id);
    parts += 1;
  }
  if (!isWanted() || !feed.resume(position.cursor, records, position.unreadable)) return null;
  return { currentAt: position.currentAt, parts };
}
