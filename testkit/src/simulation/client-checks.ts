import type { SyncClient } from '@meldesync/client';
import { type FramePosition, ORIGIN, parseCursor, SYNCED_FIELDS, type SyncedRecord } from '@meldesync/protocol';
import type { SimDatabase } from './sim-database.ts';
import { isAfter } from './sim-log.ts';

/** The watch over a client. */
export interface ClientWatch {
  /**
   * What the next snapshot shows need not go on from what was shown: a node does not know the client's position, or is in
   * another epoch already. The snapshot may then come from a node that is still in the old one, and stands further back.
   */
  startOver(): void;
}

/**
 * Watches what a client shows, from its start to its stop:
 * - within an epoch the version of a record never goes down, and what was deleted stays so (R2.5);
 * - positions only go forward (P9);
 * - what is shown as a version of a record is exactly what the database had under that version: a frame that was applied
 *   over a gap would lack what the missing one set (R1.1); while something is fetched it may be newer (P43);
 * - everything up to the client's position is in its store (P11).
 *
 * Long because the checks share what they have seen; none of them is.
 */
export function watchClient(client: SyncClient, database: SimDatabase, violated: (what: string) => void): ClientWatch {
  let epoch = '';
  let position: FramePosition = ORIGIN;
  /** The next commit that the store must hold once the position has reached it. */
  let nextCommit = 0;
  const versions = new Map<number, number>();
  let isStartingOver = false;
  /** The log as the last snapshot may have held it: it is ahead of its cursor (P37), and what lies between comes once more (P43). */
  let snapshotHolds: FramePosition = ORIGIN;

  const isOver = (): boolean => database.feed.epochs.get(epoch)?.log !== database.records.log;
  const isInDoubt = (): boolean => isOver() && client.connection.name !== 'live';

  const lookAt = (id: number): void => {
    const shown = client.store.get(id);
    const before = versions.get(id);
    if (!shown) {
      if (before !== undefined) versions.set(id, Number.POSITIVE_INFINITY);
      return;
    }
    if (before === Number.POSITIVE_INFINITY) violated(`record ${id} is back after it was deleted`);
    else if (before !== undefined && shown.version < before) {
      violated(`record ${id} went from version ${before} to ${shown.version}`);
    }
    versions.set(id, shown.version);
    const history = database.records.history.get(id);
    // Postgres was set back and no relay has found out: what was told before comes over what it holds now, and the person knows.
    if (isInDoubt()) return;
    const difference =
      client.fetching > 0
        ? notYetThere(shown, [...(history?.values() ?? [])].flat())
        : neverSo(shown, history?.get(shown.version) ?? []);
    if (difference) violated(`record ${id} at version ${shown.version} differs in ${difference}`);
  };

  const lookAtPosition = (): void => {
    if (!client.cursor) return;
    const now = parseCursor(client.cursor);
    if (now.epoch !== epoch) {
      epoch = now.epoch;
      position = ORIGIN;
      nextCommit = 0;
    }
    if (isStartingOver && now.position !== position) {
      isStartingOver = false;
      position = ORIGIN;
      nextCommit = 0;
    }
    if (isAfter(position, now.position)) violated(`the position went back from ${position} to ${now.position}`);
    position = now.position;
    const began = database.feed.epochs.get(epoch);
    if (!began) return violated(`nobody began the epoch ${epoch}`);
    const { log, start } = began;
    // Its log is over: pages hold what Postgres was set back to, and the client is about to hear of it.
    if (log !== database.records.log) return;
    const covered = isAfter(position, start) ? position : start;
    for (let commit = log.commits[nextCommit]; commit; commit = log.commits[nextCommit]) {
      const last = commit.frames.at(-1);
      for (const { id, changes } of commit.frames) {
        if (isAfter(id, covered)) continue;
        for (const { record, version, op } of changes) {
          const held = client.store.get(record);
          const isHeld = held ? held.version >= version : op === 'delete' || !log.records.has(record);
          if (!isHeld || (op === 'delete' && held)) {
            violated(`at ${position} the store lacks version ${version} of record ${record} from frame ${id}`);
          }
        }
      }
      if (last && isAfter(last.id, covered)) break;
      nextCommit += 1;
    }
  };

  client.store.subscribe((changes) => {
    if (isStartingOver && changes.length === 0) versions.clear();
    if (changes.length === 0) snapshotHolds = database.records.log.positionAt(database.records.log.endLsn);
    // Before the first snapshot is complete a person sees something, but nothing is promised of it.
    const stand = client.cursor === null ? undefined : parseCursor(client.cursor);
    const isAhead = stand !== undefined && isAfter(snapshotHolds, stand.position);
    // Nor before a client is live again where Postgres was set back.
    const isSetBack = database.records.formerLogs.length > 0 && client.connection.name !== 'live';
    if (stand?.epoch !== epoch || isOver() || isAhead || isSetBack) versions.clear();
    if (changes.length > 0) for (const { change } of changes) lookAt(change.record);
    else for (const id of new Set([...versions.keys(), ...[...client.store.values()].map(({ id }) => id)])) lookAt(id);
    lookAtPosition();
  });
  client.onConnection(lookAtPosition);
  return {
    startOver() {
      isStartingOver = true;
    },
  };
}

/** P43: while a range is fetched, values may be newer than the version they stand under, and never older. */
function notYetThere(shown: SyncedRecord, history: Iterable<SyncedRecord>): string | undefined {
  const later = [...history].filter(({ version }) => version >= shown.version);
  return SYNCED_FIELDS.find((field) => field !== 'version' && !later.some((record) => record[field] === shown[field]));
}

/** A field that never was so in this version; a version may be shown with and without what was written past the triggers. */
function neverSo(shown: SyncedRecord, states: readonly SyncedRecord[]): string | undefined {
  if (states.length === 0) return 'being there';
  return SYNCED_FIELDS.find((field) => !states.some((state) => state[field] === shown[field]));
}

/** Whether a store is exactly the database; says what differs. */
export function storeDifference(client: SyncClient, database: SimDatabase): string | undefined {
  const { store } = client;
  const { records } = database.records.log;
  for (const record of records.values()) {
    const difference = differing(store.get(record.id), record);
    if (difference) return `record ${record.id} differs in ${difference}`;
  }
  return store.size === records.size ? undefined : `it has ${store.size} of ${records.size} records`;
}

function differing(shown: SyncedRecord | undefined, actual: SyncedRecord | undefined): string | undefined {
  if (!shown || !actual) return shown === actual ? undefined : 'being there';
  return SYNCED_FIELDS.find((field) => shown[field] !== actual[field]);
}
