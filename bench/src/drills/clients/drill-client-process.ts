import type { SyncClient } from '@meldesync/client';
import { SYNCED_FIELDS } from '@meldesync/protocol';
import type { Shown } from '@meldesync/testkit';
import { parseAtMs } from '../../clients/commit-time.ts';
import { allLive, openClient } from '../../clients/open-client.ts';
import { WallClock } from '../../clients/wall-clock.ts';
import { LatencyHistogram } from '../../measure/latency-histogram.ts';
import { waitUntil } from '../../poll.ts';
import { serveCalls } from '../../processes/remote.ts';
import { type EditCounts, Editing } from './editing.ts';
import { type Anomalies, StoreWatch } from './store-watch.ts';

/** Clients to open: each is the real client library with its own store, socket and snapshot. */
export interface ConnectOrder {
  /** Origins; the clients take turns on them. */
  readonly urls: readonly string[];
  /** Bearer tokens; the clients take turns with them. */
  readonly tokens: readonly string[];
  readonly workspace: string;
  readonly clients: number;
}

export interface EditOrder {
  readonly records: readonly number[];
  readonly perSecond: number;
  readonly noteLength: number;
}

/** Where the clients of a process stand. */
export interface Standing {
  readonly allLive: boolean;
  /** The fewest versions that one of them has seen, all records together. */
  readonly fewestVersions: number;
}

/** How fast things were since the report before: a `LatencyHistogram` each. */
export interface Latencies {
  /** From an edit to its effect on the editor's own store; empty where nobody edits. */
  readonly edits: string;
  /** From the commit of a change to each client's store. */
  readonly deliveries: string;
}

/** What the clients of a process went through, in sum. */
export interface Experience extends Anomalies {
  /** Clients whose store is not what Postgres holds. */
  readonly differing: number;
  /** Committed versions that a client does not hold at the end, counted for each client. */
  readonly missing: number;
  readonly snapshots: number;
  /** How often a connection was lost. */
  readonly disconnects: number;
  /** What clients reported, with how often. */
  readonly errors: Readonly<Record<string, number>>;
  readonly edits: EditCounts;
}

/** How many clients connect at the same time. */
const CONNECTING_AT_ONCE = 20;

const clients: SyncClient[] = [];
const watches: StoreWatch[] = [];
const clock = new WallClock();
const errors: Record<string, number> = {};
let disconnects = 0;
let deliveries = new LatencyHistogram();
let editing: Editing | undefined;

const handlers = {
  /** Resolves when all clients are live. */
  connect: async (order: ConnectOrder): Promise<void> => {
    for (let index = 0; index < order.clients; index++) {
      clients.push(openWatched(order, index));
      if (index % CONNECTING_AT_ONCE === CONNECTING_AT_ONCE - 1) await allLive(clients);
    }
    await allLive(clients);
  },

  /** Names of the nodes that the clients are connected to. */
  nodes: async (_order: null): Promise<string[]> => clients.flatMap(({ session }) => session?.node ?? []),

  beginEdits: async (order: EditOrder): Promise<void> => {
    editing = new Editing({ ...order, clients });
  },

  /** Makes no more edits; resolves when all are answered, or when that is past hope. */
  endEdits: async ({ patienceMs }: { patienceMs: number }): Promise<{ unanswered: number }> => {
    await editing?.stop();
    await waitUntil(() => (editing?.unanswered ?? 0) === 0, patienceMs);
    return { unanswered: editing?.unanswered ?? 0 };
  },

  standing: async (_order: null): Promise<Standing> => ({
    allLive: clients.every(({ connection }) => connection.name === 'live'),
    fewestVersions: Math.min(...watches.map(({ versions }) => versions)),
  }),

  latencies: async (_order: null): Promise<Latencies> => {
    const taken = deliveries.encode();
    deliveries = new LatencyHistogram();
    return { edits: editing?.takeLatencies() ?? new LatencyHistogram().encode(), deliveries: taken };
  },

  /** Compares every client's whole store with what Postgres holds. */
  experience: async ({ truth }: { truth: readonly Shown[] }): Promise<Experience> => {
    const anomalies = watches.map((watch) => watch.anomalies);
    const total = (value: (one: Anomalies) => number) => anomalies.reduce((sum, one) => sum + value(one), 0);
    return {
      duplicated: total(({ duplicated }) => duplicated),
      reordered: total(({ reordered }) => reordered),
      differing: clients.filter((client) => !holds(client, truth)).length,
      missing: clients.reduce((sum, client) => sum + missing(client, truth), 0),
      snapshots: watches.reduce((sum, watch) => sum + watch.snapshots, 0),
      disconnects,
      errors,
      edits: editing?.counts ?? { made: 0, accepted: 0, conflicts: 0, refused: 0 },
    };
  },
};
export type DrillClientProcess = typeof handlers;

function openWatched({ urls, tokens, workspace }: ConnectOrder, index: number): SyncClient {
  const watch = new StoreWatch();
  watches.push(watch);
  const client = openClient({
    url: urls[index % urls.length] ?? '',
    token: tokens[index % tokens.length] ?? '',
    workspace,
    onError: (error) => {
      const text = `${error.name}: ${error.message}`;
      errors[text] = (errors[text] ?? 0) + 1;
    },
  });
  client.store.subscribe((changes) => {
    if (changes.length === 0) {
      // The preview of a first snapshot is not a state yet.
      if (client.cursor !== null) watch.replaced(client.store.values());
      return;
    }
    const nowMs = clock.now();
    for (const applied of changes) {
      watch.changed(applied);
      deliveries.record(nowMs - parseAtMs(applied.change.at));
    }
  });
  let wasLive = false;
  client.onConnection(({ name }) => {
    if (name === 'reconnecting' && wasLive) disconnects += 1;
    wasLive = name === 'live' || (wasLive && name !== 'reconnecting');
  });
  return client;
}

/** Whether a client shows exactly these records, field by field. */
function holds({ store }: SyncClient, truth: readonly Shown[]): boolean {
  if (store.size !== truth.length) return false;
  return truth.every((stored) => {
    const shown = store.get(stored.id);
    return shown && SYNCED_FIELDS.every((field) => field === 'updatedAt' || shown[field] === stored[field]);
  });
}

function missing({ store }: SyncClient, truth: readonly Shown[]): number {
  return truth.reduce((sum, { id, version }) => sum + Math.max(0, version - (store.get(id)?.version ?? 0)), 0);
}

serveCalls(handlers);
