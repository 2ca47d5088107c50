import { randomUUID } from 'node:crypto';
import { createApi } from '@meldesync/client';
import { editRecords } from '@meldesync/db';
import type { Frame } from '@meldesync/protocol';
import type { BenchContext } from '../context.ts';
import { pace } from '../pace.ts';
import type { Target } from '../receivers/wire.ts';
import { tokenAccess } from './access.ts';
import { type Meldesync, startMeldesync } from './meldesync.ts';
import { startSocketIo } from './socket-io.ts';

/** A running system into which frames are put at one end and whose clients get them at the other. */
export interface Feed extends AsyncDisposable {
  /** Where clients connect, one for each node. */
  readonly targets: readonly Target[];
  readonly nodePids: readonly number[];
  /** The nodes, Redis, and whatever of ours stands between Postgres and Redis. */
  readonly allPids: readonly number[];
  /** Puts frames in at the rate; resolves when the last one is in. */
  send(count: number): Promise<void>;
}

interface FeedOptions {
  /** Frames a second. */
  readonly rate: number;
}

const RECORDS = 500;
/** Makes a message of about 450 bytes. */
const NOTE = 'Rückfrage an die Klinik wegen der fehlenden genomischen Meldung, Antwort steht noch aus. '.repeat(2);

/**
 * MeldeSync, fed through Postgres: each frame begins as an edit, in the very transaction that a node would run for it.
 * The benchmark runs it itself, so that the nodes have the deliveries to do and nothing else, as those of the peer.
 */
export async function meldesyncFeed(context: BenchContext, { rate }: FeedOptions): Promise<Feed> {
  const system = await startMeldesync(context, { records: RECORDS });
  const [person] = system.people;
  if (!person) throw new Error('the workspace has nobody');
  const targets: Target[] = [];
  for (const url of system.urls) {
    const api = createApi(tokenAccess(url, person.token));
    const { cursor } = await api.snapshotPage(system.workspace, { limit: 1 });
    targets.push({ system: 'meldesync', url, token: person.token, workspace: system.workspace, cursor });
  }
  let count = 0;
  return {
    targets,
    nodePids: system.nodePids,
    allPids: [...system.nodePids, system.relayPid, system.redisPid],
    send: async (frames) => {
      const edits: Promise<void>[] = [];
      await pace({ perSecond: rate, count: frames, signal: context.signal }, () => {
        edits.push(makeEdit(system, person.id, count));
        count += 1;
      });
      await Promise.all(edits);
    },
    [Symbol.asyncDispose]: () => system[Symbol.asyncDispose](),
  };
}

async function makeEdit(system: Meldesync, userId: string, index: number): Promise<void> {
  const record = system.records[index % system.records.length];
  if (record === undefined) throw new Error('there are no records');
  const result = await editRecords(system.database, {
    workspaceId: system.workspace,
    actor: { userId, via: 'web', operation: randomUUID() },
    items: [
      { record, baseVersion: 1 + Math.floor(index / system.records.length), set: { note: `${NOTE} (${index})` } },
    ],
  });
  if (!('outcomes' in result) || result.outcomes[0]?.outcome !== 'accepted') throw new Error('an edit was refused');
}

/**
 * Socket.IO, fed with frames that MeldeSync delivered, in the same order at the same rate, from a process of its own
 * through the same adapter.
 */
export async function socketIoFeed(
  context: BenchContext,
  { rate }: FeedOptions,
  frames: readonly Frame[],
): Promise<Feed> {
  const system = await startSocketIo(context);
  let next = 0;
  return {
    targets: system.urls.map((url) => ({ system: 'socket-io' as const, url })),
    nodePids: system.nodePids,
    allPids: [...system.nodePids, system.redisPid],
    send: async (count) => {
      const sent: Promise<void>[] = [];
      await pace({ perSecond: rate, count, signal: context.signal }, () => {
        const frame = frames[next];
        if (!frame) throw new Error('there are no more frames to send');
        sent.push(system.emit(frame));
        next += 1;
      });
      await Promise.all(sent);
    },
    [Symbol.asyncDispose]: () => system[Symbol.asyncDispose](),
  };
}
