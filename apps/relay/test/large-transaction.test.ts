import type { RelayFeed } from '@meldesync/bus';
import { connectDatabase, type Database } from '@meldesync/db';
import { createLogger } from '@meldesync/telemetry';
import { createTestDatabase, eventually, runSql, type TestDatabase } from '@meldesync/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runPass } from '../src/pass.ts';
import { createRelayMetrics } from '../src/relay-metrics.ts';

const ROWS = 600;
const ROW_CHARACTERS = 64 * 1024;
/** A little more than what may be on its way to Redis at a time. */
const MOST_WAITING = 5 * 1024 * 1024;

let test: TestDatabase;
let database: Database;
let workspace: string;
let ending: AbortController;
let running: Promise<unknown>;

beforeEach(async () => {
  ending = new AbortController();
  running = Promise.resolve();
  test = await createTestDatabase();
  database = connectDatabase({
    url: test.ownerUrl,
    maxConnections: 3,
    applicationName: 'test',
    onConnectionError: (error) => {
      throw error;
    },
  });
  const [row] = await runSql(test.ownerUrl, `insert into workspaces (name) values ('Testklinik') returning id`);
  workspace = String(row?.['id']);
});
afterEach(async () => {
  ending.abort();
  await running;
  await database[Symbol.asyncDispose]();
  await test[Symbol.asyncDispose]();
});

/** A Redis that answers no frame before it is told to. */
function slowFeed() {
  const waiting = new Set<() => void>();
  const held = { characters: 0, changes: 0, answers: false };
  const feed: RelayFeed = {
    append: async (_workspace, frame) => {
      held.characters += frame.json.length;
      held.changes += frame.changes;
      if (!held.answers) await new Promise<void>((resolve) => waiting.add(resolve));
      held.characters -= frame.json.length;
      return 'appended';
    },
    beginMarker: async () => undefined,
    checkMarker: async () => 'kept',
    ping: async () => undefined,
    buffer: { age: async () => undefined, size: async () => ({ frames: 0, bytes: 0 }) },
    [Symbol.dispose]: () => answer(),
  };
  const answer = () => {
    held.answers = true;
    for (const resolve of waiting) resolve();
    waiting.clear();
  };
  return { feed, held, answer };
}

/** Whether Postgres has more to send than the relay takes. */
async function postgresWaits(): Promise<void> {
  const rows = await runSql(
    test.ownerUrl,
    `select wait_event from pg_stat_activity join pg_replication_slots on active_pid = pid where slot_name = $1`,
    [test.slot],
  );
  expect(rows).toEqual([{ wait_event: 'WalSenderWriteData' }]);
}

it('R3.5 a transaction larger than memory waits in the log while Redis is slow', async () => {
  const { feed, held, answer } = slowFeed();
  const metrics = createRelayMetrics('test');
  let active = false;
  running = runPass({
    config: {
      databaseUrl: test.ownerUrl,
      redisUrl: '',
      redisPrefix: '',
      name: 'relay',
      adminPort: 0,
      logLevel: 'error',
      logFormat: 'json',
      slot: test.slot,
      holdBackMs: 60_000,
      streamLength: 200_000,
      streamAgeMs: 3_600_000,
      rangeThreshold: 100,
    },
    database,
    openFeed: () => feed,
    logger: createLogger({ name: 'relay', level: 'error', format: 'json' }),
    metrics,
    signal: ending.signal,
    onActive: (now) => {
      active = now;
    },
  });
  await eventually(() => expect(active).toBe(true));
  await runSql(
    test.ownerUrl,
    `insert into changes (workspace_id, record_id, version, op, before, after, actor, via, at)
     select $1, n, 1, 'insert', '{}', jsonb_build_object('note', repeat('x', $3)), 'db:test', 'sql', now()
     from generate_series(1, $2::int) as n`,
    [workspace, ROWS, ROW_CHARACTERS],
  );
  await eventually(() => expect(held.characters).toBeGreaterThan(MOST_WAITING - 1024 * 1024));
  await eventually(postgresWaits);
  expect(held.characters).toBeLessThan(MOST_WAITING);
  answer();
  await eventually(() => expect(held).toMatchObject({ changes: ROWS, characters: 0 }));
  ending.abort();
  expect(await running).toBe('ended');
});
