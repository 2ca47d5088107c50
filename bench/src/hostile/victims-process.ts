import { setTimeout as sleep } from 'node:timers/promises';
import type { SyncClient } from '@meldesync/client';
import { allLive, openClient } from '../clients/open-client.ts';
import { LatencyHistogram, type LatencySummary } from '../measure/latency-histogram.ts';
import { pace } from '../pace.ts';
import { PATIENCE_MS, waitUntil } from '../poll.ts';
import { serveCalls } from '../processes/remote.ts';

export interface VictimsOrder {
  /** Origins of the nodes, and bearer tokens; the clients take turns with both. */
  readonly urls: readonly string[];
  readonly tokens: readonly string[];
  readonly workspace: string;
  readonly clients: number;
}

export interface WorkOrder {
  /** Records that nobody else edits. */
  readonly records: readonly number[];
  readonly perSecond: number;
  readonly seconds: number;
}

/** How it went for those who only wanted to work. */
export interface WorkReport {
  /** From the click until every client here shows it, in milliseconds. */
  readonly shown: LatencySummary;
  /** Edits that were not accepted, or not within the time. */
  readonly failed: number;
  readonly disconnects: number;
}

/** An edit in progress. */
interface Click {
  readonly atMs: number;
  missing: number;
}

const SETTLE_MS = 300;
const clients: SyncClient[] = [];
let clicks = new Map<string, Click>();
let shown = new LatencyHistogram();
let failed = 0;
let disconnects = 0;
let count = 0;

const handlers = {
  /** Resolves when all are live. */
  connect: async (order: VictimsOrder): Promise<void> => {
    for (let index = 0; index < order.clients; index++) clients.push(openVictim(order, index));
    await allLive(clients);
    for (const client of clients) {
      client.onConnection((state) => {
        if (state.name === 'reconnecting') disconnects += 1;
      });
    }
  },

  /** Edits by the clock, whatever became of the edits before; resolves when all were answered. */
  work: async ({ records, perSecond, seconds }: WorkOrder): Promise<WorkReport> => {
    clicks = new Map();
    shown = new LatencyHistogram();
    failed = 0;
    disconnects = 0;
    const signal = AbortSignal.timeout(seconds * 1_000 + PATIENCE_MS);
    const answers: Promise<void>[] = [];
    await pace({ perSecond, count: perSecond * seconds, signal, place: Math.random }, (index) => {
      answers.push(click(clients[index % clients.length], records[index % records.length] ?? 0));
    });
    await Promise.all(answers);
    await waitUntil(() => clicks.size === 0);
    await sleep(SETTLE_MS);
    return { shown: shown.summary(), failed: failed + clicks.size, disconnects };
  },
};
export type VictimsProcess = typeof handlers;

function openVictim({ urls, tokens, workspace }: VictimsOrder, index: number): SyncClient {
  const url = urls[index % urls.length] ?? '';
  const client = openClient({ url, token: tokens[index % tokens.length] ?? '', workspace });
  client.store.subscribe((changes) => {
    for (const { change } of changes) seen(`${change.record}@${change.version}`);
  });
  return client;
}

function seen(key: string): void {
  const made = clicks.get(key);
  if (!made) return;
  made.missing -= 1;
  if (made.missing > 0) return;
  shown.record(performance.now() - made.atMs);
  clicks.delete(key);
}

async function click(client: SyncClient | undefined, record: number): Promise<void> {
  const baseVersion = client?.store.get(record)?.version;
  if (!client || baseVersion === undefined) {
    failed += 1;
    return;
  }
  count += 1;
  const key = `${record}@${baseVersion + 1}`;
  clicks.set(key, { atMs: performance.now(), missing: clients.length });
  try {
    const [outcome] = await client.edit([{ record, baseVersion, set: { note: `Rückfrage gestellt (${count})` } }]);
    if (outcome?.outcome === 'accepted') return;
  } catch {
    // Counted with those that were refused.
  }
  clicks.delete(key);
  failed += 1;
}

serveCalls(handlers);
