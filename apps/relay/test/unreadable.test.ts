import type { SyncClient } from '@meldesync/client';
import type { UnreadablePlace } from '@meldesync/protocol';
import { type Cluster, eventually, readMetrics, startCluster, sumOf, unreadableCount } from '@meldesync/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const NOBODYS = '99999999-9999-4999-8999-999999999999';

let cluster: Cluster;
/** A record that is edited all the time, of each of the two workspaces. */
let records: readonly [number, number];
let victim: number;
let clients: readonly [SyncClient, SyncClient];
/** What the connections of the clients went through. */
let states: Set<string>;
let edits = 0;
let failuresBefore = 0;

beforeAll(async () => {
  // Positions are confirmed at once, as they come.
  cluster = await startCluster({ nodes: 1, worker: false, logLevel: 'silent', holdBackMs: 1 });
  const { workspace } = cluster;
  const other = await cluster.addWorkspace('Andere');
  const anna = await cluster.addPerson('Anna', { workspace, role: 'editor' });
  const bert = await cluster.addPerson('Bert', { workspace: other, role: 'editor' });
  const [one = 0, two = 0] = await cluster.addRecords(2);
  const [three = 0] = await cluster.addRecords(1, { first: 50, workspace: other });
  records = [one, three];
  victim = two;
  clients = [cluster.client(anna), cluster.client(bert, { workspace: other })];
  for (const client of clients) client.start();
  await allGoOn();
  // Rows may be from before them.
  for (const name of ['op', 'record', 'at', 'content'])
    await cluster.sql(`alter table changes drop constraint changes_${name}`);
  await cluster.sql(`alter table records drop constraint records_limits`);
});
afterAll(() => cluster[Symbol.asyncDispose]());
beforeEach(async () => {
  failuresBefore = await failures();
  states = new Set();
  for (const client of clients) client.onConnection(({ name }) => states.add(name));
});

/** A change of both workspaces reaches everybody. */
async function allGoOn(): Promise<void> {
  const note = `change ${(edits += 1)}`;
  await cluster.sql('update records set note = $1 where id = any($2::bigint[])', [note, records]);
  await eventually(() => {
    for (const [index, client] of clients.entries()) {
      expect(client.connection.name).toBe('live');
      expect(client.store.get(records[index] ?? 0)?.note).toBe(note);
    }
  });
}

/** How often the relay has given a pass up, and began anew for all workspaces. */
async function failures(): Promise<number> {
  const samples = await readMetrics(cluster.relay);
  const passes = (labels?: Record<string, string>) => sumOf(samples, 'meldesync_relay_passes_total', labels);
  return passes() - passes({ reason: 'start' });
}

async function isNoted(place: UnreadablePlace, run: () => Promise<unknown>): Promise<void> {
  const before = await unreadableCount(cluster.relay, place);
  await run();
  await eventually(async () => expect(await unreadableCount(cluster.relay, place)).toBeGreaterThan(before));
}

/** Writes a row of the history past all triggers and references. */
const writeChange = (row: {
  workspace?: string;
  record: string;
  version: string;
  op: string;
  after: string;
  at?: string;
}) =>
  cluster.sql(`begin; set local session_replication_role = replica;
    insert into changes (workspace_id, record_id, version, op, before, after, actor, via, at)
    values ('${row.workspace ?? cluster.workspace}', ${row.record}, ${row.version}, '${row.op}', '{}', '${row.after}', 'db:x', 'sql',
      '${row.at ?? 'now'}');
    commit`);

describe('R1.1 a row of the log', () => {
  it.each([
    ['of no known kind', { record: '7001', version: '1', op: 'upsert', after: '{"note":"x"}' }],
    ['of a record before all', { record: '-5', version: '1', op: 'insert', after: '{}' }],
    [
      'of a record that is no number of JSON',
      { record: '9223372036854775807', version: '1', op: 'update', after: '{}' },
    ],
    ['of version 0', { record: '7002', version: '0', op: 'update', after: '{}' }],
    ['that sets a list', { record: '7003', version: '1', op: 'update', after: '[1]' }],
    ['that sets a field to something else', { record: '7004', version: '1', op: 'update', after: '{"done":"yes"}' }],
    ['that inserts nothing', { record: '7005', version: '1', op: 'insert', after: '{}' }],
    [
      'that is far too long',
      { record: '7006', version: '1', op: 'update', after: JSON.stringify({ note: 'x'.repeat(9 * 1024 * 1024) }) },
    ],
  ])('%s is left out, with an event, and everything else goes on', async (_, row) => {
    await isNoted('log-change', () => writeChange(row));
    await allGoOn();
    expect(await failures()).toBe(failuresBefore);
    // What is left out may be missing on screens: they take a snapshot, over the connection that they have.
    expect([...states].filter((name) => name !== 'live' && name !== 'loading')).toEqual([]);
  });

  it.each(['infinity', '0044-03-15 BC', '20000-01-01'])('of a time that is none (%s) goes on as it is', async (at) => {
    await writeChange({ record: '7100', version: String(edits + 1), op: 'update', after: '{}', at });
    await allGoOn();
    expect(await failures()).toBe(failuresBefore);
  });

  it('of a workspace that is not there keeps no position from being confirmed', async () => {
    const confirmed = async () =>
      BigInt(String((await cluster.sql('select confirmed_lsn from feed_state'))[0]?.['confirmed_lsn']));
    await writeChange({ workspace: NOBODYS, record: '5', version: '1', op: 'update', after: '{}' });
    await allGoOn();
    const [end] = await cluster.sql(`select (pg_current_wal_lsn() - '0/0')::text as lsn`);
    await eventually(async () => expect(await confirmed()).toBeGreaterThan(BigInt(String(end?.['lsn']))));
    expect(await failures()).toBe(failuresBefore);
  });

  it('R3.5 of many MiB reaches everybody, and breaks nobody’s subscription', async () => {
    await cluster.sql(`update records set note = repeat('x', 7000000) where id = $1`, [victim]);
    await eventually(() => expect(clients[0].store.get(victim)?.note).toHaveLength(7_000_000));
    await allGoOn();
    expect([...states].filter((name) => name !== 'live')).toEqual([]);
    await cluster.sql('update records set note = null where id = $1', [victim]);
  });
});

describe('R1.5 a key of the feed that holds something else', () => {
  const key = async (name: string) => {
    const [state] = await cluster.sql('select epoch from feed_state');
    return `${cluster.redisPrefix}:{${cluster.workspace}}:${name}:${String(state?.['epoch'])}`;
  };
  const put = async (name: string) => {
    await cluster.redis.command('DEL', name);
    await cluster.redis.command('HSET', name, 'some', 'body');
  };

  it.each(['moments', 'fence', 'feed2'])('(%s) costs what it held', async (name) => {
    await put(await key(name));
    await allGoOn();
    expect([...states].filter((state) => state !== 'live' && state !== 'loading')).toEqual([]);
  });

  it('(moments, fence, epochs) keeps no relay from taking over, which says so', async () => {
    await put(await key('moments'));
    await put(await key('fence'));
    await put(`${cluster.redisPrefix}:epochs`);
    const second = await cluster.addRelay('second');
    await cluster.end(cluster.relay);
    await eventually(() => expect(second.active).toBe(true));
    await eventually(async () => expect(await unreadableCount(second, 'redis-key')).toBe(2));
    await allGoOn();
    await allGoOn();
    expect(second.active).toBe(true);
  });
});
