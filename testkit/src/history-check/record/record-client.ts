import { randomUUID } from 'node:crypto';
import {
  type AppliedChange,
  createSyncClient,
  type HeldLock,
  type LockAnswer,
  type SyncClient,
  type SyncClientOptions,
  SyncError,
} from '@meldesync/client';
import { differingFields, EDITABLE_FIELDS, FIELDS, pickFields } from '@meldesync/domain';
import type { EditItem, EditOutcome } from '@meldesync/protocol';
import { type HistoryLog, monoNow } from './history-log.ts';
import { noteAnswer } from './outcomes.ts';

/** A client whose every word is written down. */
export interface RecordedClient {
  readonly who: string;
  readonly client: SyncClient;
  edit(items: readonly EditItem[]): Promise<EditOutcome[]>;
  lock(records: readonly number[]): Promise<LockAnswer>;
  /** Gives a lock back. */
  release(lock: HeldLock): Promise<void>;
  /** Writes down all that it shows, and stops it. Only once nothing is on its way any more. */
  end(): void;
}

export interface RecordedClientOptions extends SyncClientOptions {
  readonly who: string;
  /** The user id of its person. */
  readonly person: string;
  readonly log: HistoryLog;
}

/** Makes a client that is recorded; not started. */
export function recordClient({ who, person, log, ...options }: RecordedClientOptions): RecordedClient {
  let lastId = '';
  // A client draws the id of an operation in the moment in which it takes the edit.
  const randomId = (): string => {
    lastId = (options.runtime?.randomId ?? randomUUID)();
    return lastId;
  };
  const client = createSyncClient({ ...options, runtime: { ...options.runtime, randomId } });
  log.note(who, { kind: 'began', actor: `user:${person}`, via: options.client.kind });
  noteStore(log, who, client);
  let told = '';
  const noteTold = (): void => {
    const now = toldBy(client);
    if (now === told) return;
    told = now;
    log.note(who, now === 'live' ? { kind: 'told-live' } : { kind: 'told-stale', state: now });
  };
  client.onConnection(noteTold);
  client.store.subscribe(noteTold);
  return {
    who,
    client,
    edit: async (items) => {
      const answer = client.edit(items);
      const operation = lastId;
      const sent = items.map(({ record, baseVersion, set }) => ({ record, base: baseVersion, set: { ...set } }));
      log.note(who, { kind: 'edit-sent', operation, items: sent });
      try {
        const outcomes = await answer;
        noteAnswer(log, who, operation, outcomes);
        return outcomes;
      } catch (error) {
        log.note(who, {
          kind: 'edit-failed',
          operation,
          code: error instanceof SyncError ? error.code : String(error),
        });
        throw error;
      }
    },
    lock: async (records) => {
      const askedMonoMs = monoNow();
      const answer = await client.lock(records);
      if (answer.outcome === 'granted') noteLock(log, who, answer.lock);
      else {
        const locks = answer.locks.map(({ lock }) => lock);
        log.note(who, { kind: 'lock-refused', askedMonoMs, records: [...records], locks });
      }
      return answer;
    },
    release: async (lock) => {
      log.note(who, { kind: 'lock-returned', lock: lock.lock });
      await lock.release();
      // Without a connection it is given back when there is one: nobody has said that it is gone.
      if (client.connection.name === 'live') log.note(who, { kind: 'lock-ended', lock: lock.lock });
    },
    end: () => {
      const records = [...client.store.values()].map((record) => {
        const { id, version, updatedBy: by } = record;
        return { id, version, by, content: pickFields(record, FIELDS) as Record<string, string | boolean | null> };
      });
      log.note(who, { kind: 'showed', records });
      log.note(who, { kind: 'ended' });
      client.stop();
    },
  };
}

/** What a person is told: that all is current, or why it may not be; how much is still to be fetched is shown as a number (P40). */
function toldBy({ connection: { name }, fetching }: SyncClient): string {
  return name === 'live' && fetching > 0 ? 'fetching' : name;
}

function noteLock(log: HistoryLog, who: string, { lock, records, onLost }: HeldLock): void {
  log.note(who, { kind: 'lock-granted', lock, records: [...records] });
  onLost(() => log.note(who, { kind: 'lock-ended', lock }));
}

function noteStore(log: HistoryLog, who: string, client: SyncClient): void {
  let wasFetching = false;
  client.store.subscribe((changes) => {
    const isFetching = client.fetching > 0;
    if (changes.length === 0) {
      // The preview of a first snapshot is not a state yet.
      if (client.cursor !== null) {
        const records = [...client.store.values()].map(({ id, version }): [number, number] => [id, version]);
        log.note(who, { kind: 'snapshot', records });
      }
    }
    for (const change of changes) log.note(who, applied(change, isFetching || wasFetching));
    wasFetching = isFetching;
  });
}

function applied({ change, before, after }: AppliedChange, isFetching: boolean) {
  return {
    kind: 'applied' as const,
    record: change.record,
    from: before?.version ?? null,
    to: after?.version ?? null,
    by: after?.updatedBy ?? change.by,
    content: after ? (pickFields(after, EDITABLE_FIELDS) as Record<string, string | boolean | null>) : {},
    changed: after ? (before ? differingFields(FIELDS, before, after) : [...FIELDS]) : [],
    ahead: isFetching || (after !== undefined && change.version > after.version),
  };
}
