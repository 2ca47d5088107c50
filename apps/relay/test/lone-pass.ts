import type { RelayFeed } from '@meldesync/bus';
import { connectDatabase, type Database } from '@meldesync/db';
import { ORIGIN } from '@meldesync/protocol';
import { createLogger, NO_TRACING, startProcessMeter } from '@meldesync/telemetry';
import { createTestDatabase, eventually, type TestDatabase } from '@meldesync/testkit';
import { expect } from 'vitest';
import { CanaryRound } from '../src/canary.ts';
import { FeedGauge } from '../src/feed-gauge.ts';
import { runPass } from '../src/pass.ts';
import { createRelayMetrics } from '../src/relay-metrics.ts';

/** A database with a workspace and no relay, for passes that a test starts one by one. */
export interface LonePasses extends AsyncDisposable {
  readonly test: TestDatabase;
  readonly workspace: string;
  /** Starts a pass that writes to `feed`; resolves once it holds the slot, with what ends it. */
  start(feed: RelayFeed, options?: { readonly holdBackMs?: number }): Promise<() => Promise<void>>;
}

export async function createLonePasses(): Promise<LonePasses> {
  const test = await createTestDatabase();
  const database = connectDatabase({
    url: test.ownerUrl,
    maxConnections: 3,
    applicationName: 'test',
    onConnectionError: (error) => {
      throw error;
    },
  });
  const [row] = await test.sql(`insert into workspaces (name) values ('Testklinik') returning id`);
  const ends = new Set<() => Promise<void>>();
  return {
    test,
    workspace: String(row?.['id']),
    start: async (feed, { holdBackMs = 60_000 } = {}) => {
      const end = await startPass({ test, database, feed, holdBackMs });
      ends.add(end);
      return end;
    },
    [Symbol.asyncDispose]: async () => {
      for (const end of ends) await end();
      await database[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}

async function startPass(options: {
  readonly test: TestDatabase;
  readonly database: Database;
  readonly feed: RelayFeed;
  readonly holdBackMs: number;
}): Promise<() => Promise<void>> {
  const { test, database, feed, holdBackMs } = options;
  const ending = new AbortController();
  let active = false;
  // The slot is free a moment after the pass before it has ended.
  await eventually(async () => {
    const held = await test.sql('select 1 from pg_replication_slots where slot_name = $1 and active', [test.slot]);
    expect(held).toEqual([]);
  });
  const round = new CanaryRound();
  const meter = await startProcessMeter({ kind: 'relay', name: 'test', version: '0', environment: {} });
  const running = runPass({
    config: {
      databaseUrl: test.urlAs('relay'),
      redisUrl: '',
      redisPrefix: '',
      name: 'relay',
      adminPort: 0,
      logLevel: 'error',
      logFormat: 'json',
      slot: test.slot,
      holdBackMs,
      streamLength: 200_000,
      streamBytes: 256 * 1024 * 1024,
      streamTotalBytes: 2 * 1024 * 1024 * 1024,
      streamAgeMs: 3_600_000,
      rangeThreshold: 100,
    },
    database,
    openFeed: () => feed,
    logger: createLogger({ name: 'relay', level: 'error', format: 'json' }),
    metrics: createRelayMetrics(meter, round),
    gauge: new FeedGauge(),
    onUnreadable: () => undefined,
    round,
    signal: ending.signal,
    onActive: (now) => {
      active = now;
    },
    onTaken: () => undefined,
    tracing: NO_TRACING,
    onSlotWait: () => undefined,
  });
  await Promise.race([running, eventually(() => expect(active).toBe(true))]);
  return async () => {
    ending.abort();
    expect(await running).toBe('ended');
    await meter[Symbol.asyncDispose]();
  };
}

const EMPTY_BUFFER: RelayFeed['buffer'] = {
  moments: async () => [],
  note: async () => true,
  forget: async () => undefined,
  dropBefore: async () => 0,
  size: async () => ({ frames: 0, bytes: 0, first: undefined }),
  memory: async () => ({ used: 0, most: 0 }),
};

/** A Redis that takes everything and keeps nothing but where each stream ends. */
export function acceptingFeed(change: Partial<RelayFeed> = {}): RelayFeed {
  const append = change.append ?? (async () => 'appended' as const);
  const ends = new Map<string, string>();
  return {
    beginMarker: async () => undefined,
    checkMarker: async () => 'kept',
    canary: async () => undefined,
    ping: async () => undefined,
    takeOver: async () => true,
    checkStream: async (_epoch, workspace) => ({ kind: 'newest', id: ends.get(workspace) ?? ORIGIN }),
    dropOtherEpochs: async () => undefined,
    buffer: EMPTY_BUFFER,
    [Symbol.dispose]: () => undefined,
    ...change,
    append: (workspace, frame, options) => {
      ends.set(workspace, frame.id);
      return append(workspace, frame, options);
    },
  };
}
