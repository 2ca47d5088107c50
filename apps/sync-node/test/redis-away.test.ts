import type { SyncClient } from '@meldesync/client';
import type { SnapshotPage, SyncedRecord } from '@meldesync/protocol';
import type { Readiness } from '@meldesync/telemetry';
import {
  type Cluster,
  callHttp,
  connectRaw,
  eventually,
  type FaultProxy,
  recordsInPostgres,
  recordsOf,
  startCluster,
  startFaultProxy,
  type TestPerson,
  workspacePath,
} from '@meldesync/testkit';
import { afterEach, expect, it } from 'vitest';

let cluster: Cluster;
let anna: TestPerson;
let wires: FaultProxy[] = [];
afterEach(async () => {
  await cluster[Symbol.asyncDispose]();
  for (const wire of wires) await wire[Symbol.asyncDispose]();
  wires = [];
});

/** Two nodes, each with its own wire to Redis. */
async function setUp(): Promise<void> {
  cluster = await startCluster({
    worker: false,
    logLevel: 'silent',
    serversOfNode: async (own) => {
      const wire = await startFaultProxy({ port: Number(new URL(own.redisUrl).port) });
      wires.push(wire);
      return { ...own, redisUrl: `redis://127.0.0.1:${wire.port}` };
    },
  });
  anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
}

async function liveClient(node: number): Promise<SyncClient> {
  const client = cluster.client(anna, { node });
  client.start();
  await eventually(() => expect(client.connection.name).toBe('live'));
  return client;
}

async function readiness(node: number): Promise<{ status: number; body: Readiness }> {
  const response = await fetch(`${cluster.url(node)}/readyz`);
  return { status: response.status, body: (await response.json()) as Readiness };
}

/** The client is kept by its node, which says that it hears nothing. */
async function expectKept(client: SyncClient): Promise<void> {
  await eventually(() => expect(client.connection).toMatchObject({ name: 'manual', isConnected: true }));
}

/** A snapshot is shared for two seconds, and who asks within them asks once more. */
async function expectRefreshed(client: SyncClient, record: number, note: string): Promise<void> {
  await eventually(async () => {
    await client.refresh();
    expect(client.store.get(record)?.note).toBe(note);
  });
}

function saveNote(client: SyncClient, record: number, note: string) {
  const seen = client.optimistic.get(record);
  if (!seen) throw new Error('the record must be there');
  return client.optimistic.submit([{ seen, set: { note } }]);
}

it('R1.5 R4.3 without Redis edits are saved, a refresh shows them, both nodes are kept, and all are current after', async () => {
  await setUp();
  const [record = 0] = await cluster.addRecords(3);
  const clients = [await liveClient(0), await liveClient(1)] as const;
  const [saving, looking] = clients;
  await eventually(() => expect(looking.store.size).toBe(3));
  await cluster.redis.kill();
  for (const client of clients) await expectKept(client);
  for (const node of [0, 1]) {
    const { status, body } = await readiness(node);
    expect(status).toBe(200);
    expect(body).toMatchObject({ usable: true, live: false });
  }

  // What is saved is shown to whoever saved it, and to others when they ask.
  const [saved] = await saveNote(saving, record, 'without Redis');
  expect(saved?.outcome).toMatchObject({ outcome: 'accepted' });
  await eventually(() => expect(saving.store.get(record)?.note).toBe('without Redis'));
  expect(looking.store.get(record)?.note).toBeNull();
  await expectRefreshed(looking, record, 'without Redis');
  expect(looking.connection.name).toBe('manual');

  // Who comes now finds all of it, in either node, also after a time.
  const late = cluster.client(anna, { node: 1 });
  late.start();
  await expectKept(late);
  expect(late.store.get(record)?.note).toBe('without Redis');

  // Though a snapshot is shared for a while, nobody gets one that lacks what this node has committed since.
  const shown = async (): Promise<SyncedRecord | undefined> => {
    const response = await callHttp(cluster, workspacePath(cluster, '/snapshot'), { as: anna });
    return ((await response.json()) as SnapshotPage).records.find(({ id }) => id === record);
  };
  const seen = await shown();
  const edited = await callHttp(cluster, workspacePath(cluster, `/records/${record}`), {
    as: anna,
    method: 'PATCH',
    headers: { 'if-match': `"${seen?.version}"` },
    json: { note: 'once more' },
  });
  expect(edited.status).toBe(200);
  expect((await shown())?.note).toBe('once more');

  await cluster.redis.start();
  for (const client of [...clients, late]) await eventually(() => expect(client.connection.name).toBe('live'));
  await cluster.sql(`update records set note = 'with Redis again' where id = $1`, [record]);
  const expected = await recordsInPostgres(cluster);
  for (const client of [...clients, late]) await eventually(() => expect(recordsOf(client.store)).toEqual(expected));
});

it('R1.5 R4.3 who comes to a node that has never reached Redis gets the current list', async () => {
  await setUp();
  const [record = 0] = await cluster.addRecords(1);
  wires[0]?.silence();
  await eventually(async () => expect((await readiness(0)).body.live).toBe(false));
  const client = cluster.client(anna, { node: 0 });
  client.start();
  await expectKept(client);
  expect(client.store.size).toBe(1);
  await cluster.sql(`update records set note = 'meanwhile' where id = $1`, [record]);
  await expectRefreshed(client, record, 'meanwhile');
  wires[0]?.restore();
  await eventually(() => expect(client.connection.name).toBe('live'));
  await cluster.sql(`update records set note = 'live' where id = $1`, [record]);
  await eventually(() => expect(client.store.get(record)?.note).toBe('live'));
});

it('P49 R1.5 a node that Redis is silent to sends its clients away once, and keeps those that come from such a node', async () => {
  await setUp();
  // Who comes before its first canary is told that, too.
  for (const node of [0, 1])
    await eventually(async () => expect((await readiness(node)).body).toMatchObject({ live: true }));
  const socket = await connectRaw(cluster.url(0), { token: anna.token });
  const hello = { type: 'hello', workspace: cluster.workspace, client: { kind: 'web', version: 'test' } } as const;
  socket.send(hello);
  await socket.next('welcome');
  await using sent = await connectRaw(cluster.url(0), { token: anna.token });
  sent.send({ ...hello, stays: true });
  await sent.next('welcome');
  const elsewhere = await liveClient(1);
  wires[0]?.silence();
  expect(await socket.closeCode()).toBe(4505);
  expect(socket.closed?.reason).toMatch(/^\{"retryAfterMs":\d+\}/);
  const { ageMs } = await sent.next('freshness');
  expect(ageMs).toBeGreaterThan(0);
  expect(elsewhere.connection.name).toBe('live');
  expect((await readiness(1)).body).toMatchObject({ usable: true, live: true });
  await using newcomer = await connectRaw(cluster.url(0), { token: anna.token });
  newcomer.send(hello);
  await newcomer.next('welcome');
  expect((await newcomer.next('freshness')).ageMs).toBeGreaterThan(0);
  wires[0]?.restore();
  expect(await sent.next('freshness')).toEqual({ type: 'freshness', ageMs: null });
  expect(await newcomer.next('freshness')).toEqual({ type: 'freshness', ageMs: null });
});
