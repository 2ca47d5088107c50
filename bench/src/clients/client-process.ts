import { setTimeout as sleep } from 'node:timers/promises';
import type { SyncClient } from '@meldesync/client';
import { pace } from '../pace.ts';
import { PATIENCE_MS, waitUntil } from '../poll.ts';
import { serveCalls } from '../processes/remote.ts';
import { parseAtMs } from './commit-time.ts';
import { DeliveryTally, type EditSeen } from './delivery-tally.ts';
import { allLive, openClient } from './open-client.ts';
import { WallClock } from './wall-clock.ts';

/** Clients to open: each is the real client library with its own store, socket and snapshot. */
export interface ConnectOrder {
  /** Origins of the nodes; the clients take turns on them. */
  readonly urls: readonly string[];
  /** Bearer tokens; the clients take turns with them. */
  readonly tokens: readonly string[];
  readonly workspace: string;
  readonly clients: number;
}

/** Edits to make; the clients take turns. */
export interface EditOrder {
  /** Records that nobody else edits. */
  readonly records: readonly number[];
  readonly perSecond: number;
  readonly seconds: number;
}

/** What the clients of this process saw since the report before. */
export interface ClientReport {
  readonly edits: readonly EditSeen[];
  /** A `LatencyHistogram` of all deliveries. */
  readonly latencies: string;
  /** How often a client lost its connection. */
  readonly disconnects: number;
}

/** How many clients connect at the same time. */
const CONNECTING_AT_ONCE = 20;
const REPEAT_PATIENCE_MS = 300;
const NOTE = 'Rückfrage an die Klinik gestellt, Antwort steht aus.';

const clients: SyncClient[] = [];
const clock = new WallClock();
let tally = new DeliveryTally(0);
let disconnects = 0;
let editCount = 0;

const handlers = {
  /** Resolves when all clients are live. */
  connect: async (order: ConnectOrder): Promise<void> => {
    tally = new DeliveryTally(order.clients);
    for (let index = 0; index < order.clients; index++) {
      clients.push(openTallied(order, index));
      if (index % CONNECTING_AT_ONCE === CONNECTING_AT_ONCE - 1) await allLive(clients);
    }
    await allLive(clients);
    for (const client of clients) {
      client.onConnection((state) => {
        if (state.name === 'reconnecting') disconnects += 1;
      });
    }
  },

  /** Makes the edits by the clock and resolves with how many there were, once every one is accepted. */
  edit: async ({ records, perSecond, seconds }: EditOrder): Promise<number> => {
    const answers: Promise<void>[] = [];
    const count = Math.round(perSecond * seconds);
    const signal = AbortSignal.timeout(seconds * 1_000 + PATIENCE_MS);
    await pace({ perSecond, count, signal, place: Math.random }, (index) => {
      const client = clients[index % clients.length];
      const record = records[index % records.length];
      if (client && record !== undefined) answers.push(makeEdit(client, record));
    });
    await Promise.all(answers);
    return answers.length;
  },

  /**
   * Waits until every client has applied that many edits since the last report, or until that is past hope; and a
   * little more, for what comes twice.
   */
  settle: async ({ edits }: { edits: number }): Promise<void> => {
    await waitUntil(() => tally.applied >= edits * clients.length);
    await sleep(REPEAT_PATIENCE_MS);
  },

  report: async (_order: null): Promise<ClientReport> => ({ ...tally.report(), disconnects }),
};
export type ClientProcess = typeof handlers;

function openTallied({ urls, tokens, workspace }: ConnectOrder, index: number): SyncClient {
  const url = urls[index % urls.length] ?? '';
  const client = openClient({ url, token: tokens[index % tokens.length] ?? '', workspace });
  client.store.subscribe((changes) => {
    const nowMs = clock.now();
    for (const { change } of changes) {
      tally.note(index, { record: change.record, version: change.version, atMs: parseAtMs(change.at) }, nowMs);
    }
  });
  return client;
}

async function makeEdit(client: SyncClient, record: number): Promise<void> {
  const baseVersion = client.store.get(record)?.version;
  if (baseVersion === undefined) throw new Error('a client lacks a record');
  // Never the text that is there: an edit that changes nothing makes no change.
  editCount += 1;
  const note = `${NOTE} (${editCount})`;
  const [outcome] = await client.edit([{ record, baseVersion, set: { note } }]);
  if (outcome?.outcome !== 'accepted') throw new Error(`an edit was answered with ${outcome?.outcome}`);
}

serveCalls(handlers);
