import { type Cluster, eventually, readStream, recordsInPostgres, recordsOf, startCluster } from '@meldesync/testkit';
import { afterEach, expect, it } from 'vitest';

let cluster: Cluster;
afterEach(() => cluster[Symbol.asyncDispose]());

async function epoch(): Promise<unknown> {
  const [state] = await cluster.sql('select epoch from feed_state');
  return state?.['epoch'];
}

async function addLiveClient() {
  const anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  const client = cluster.client(anna);
  client.start();
  await eventually(() => expect(client.connection.name).toBe('live'));
  return client;
}

it('R1.5 a second relay stands by and takes over in the same epoch when the first ends', async () => {
  cluster = await startCluster({ worker: false });
  const standby = await cluster.addRelay('standby');
  const [id = 0] = await cluster.addRecords(1);
  const client = await addLiveClient();
  const begun = await epoch();
  expect(cluster.relay?.active).toBe(true);
  expect(standby.active).toBe(false);

  await cluster.end(cluster.relay);
  await cluster.sql(`update records set note = 'while nobody relays' where id = $1`, [id]);
  await eventually(() => expect(standby.active).toBe(true));
  await cluster.sql(`update records set note = 'after the takeover' where id = $1`, [id]);
  await eventually(() => expect(client.store.get(id)).toMatchObject({ note: 'after the takeover', version: 3 }));
  expect(await epoch()).toBe(begun);
  const stream = await readStream(cluster);
  expect(stream.map((entry) => entry.prev)).toEqual(['0-0', ...stream.slice(0, -1).map((entry) => entry.id)]);
});

it('R1.1 relays that start together begin one epoch, and the active one feeds it', async () => {
  cluster = await startCluster({ worker: false, relay: false, nodes: 1 });
  const relays = await Promise.all(['a', 'b', 'c'].map((name) => cluster.addRelay(name)));
  await eventually(() => expect(relays.filter((relay) => relay.active).length).toBe(1));
  const begun = await epoch();
  await cluster.addRecords(3);
  await eventually(async () => expect((await readStream(cluster)).length).toBe(1));
  const client = await addLiveClient();
  expect(client.store.size).toBe(3);
  expect(await epoch()).toBe(begun);
  expect(client.cursor?.slice(0, 8)).toBe(begun);
});

it('R4.2 a lost slot begins a new epoch: clients take a snapshot and converge, without a further change', async () => {
  cluster = await startCluster({ worker: false, relay: false });
  const first = await cluster.addRelay('first');
  await eventually(() => expect(first.active).toBe(true));
  const [id = 0, deleted = 0] = await cluster.addRecords(5);
  const client = await addLiveClient();
  const begun = await epoch();

  await cluster.end(first);
  await eventually(() =>
    cluster.sql('select pg_drop_replication_slot($1)', [cluster.database.slot]).then(() => undefined),
  );
  await cluster.sql(`update records set note = 'in no feed' where id = $1`, [id]);
  await cluster.sql('delete from records where id = $1', [deleted]);
  await cluster.addRelay('second');

  await eventually(async () => expect(recordsOf(client.store)).toEqual(await recordsInPostgres(cluster)));
  expect(await epoch()).not.toBe(begun);
  await eventually(() => expect(client.connection.name).toBe('live'));
  await cluster.sql(`update records set note = 'in the new feed' where id = $1`, [id]);
  await eventually(() => expect(client.store.get(id)?.note).toBe('in the new feed'));
  // Nothing is kept of the epoch that is over but that nobody writes to it any more.
  await eventually(async () =>
    expect(await cluster.redis.command('KEYS', `*:${String(begun)}`)).toEqual([
      `test:{${cluster.workspace}}:fence:${String(begun)}`,
    ]),
  );
});

it('ends while Redis is away, with changes that still wait for it', async () => {
  cluster = await startCluster({ worker: false, nodes: 1 });
  await cluster.addRecords(3);
  await cluster.redis.kill();
  await cluster.addRecords(3, { first: 100 });
  await cluster.end(cluster.relay);
  await cluster.redis.start();
  const next = await cluster.addRelay('next');
  await eventually(() => expect(next.active).toBe(true));
  await eventually(async () => expect((await readStream(cluster)).length).toBe(2));
});
