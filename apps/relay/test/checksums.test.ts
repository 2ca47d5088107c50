import { recordChecksum } from '@meldesync/protocol';
import { type Cluster, eventually, readStream, startCluster, startEditors } from '@meldesync/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, worker: false, holdBackMs: 1_000 });
});
afterAll(() => cluster[Symbol.asyncDispose]());

const inDatabase = async () => {
  const [row] = await cluster.sql('select meldesync_checksum($1) as sum', [cluster.workspace]);
  return Number(row?.['sum']);
};
const inStream = async () => (await readStream(cluster)).at(-1)?.frame.sum;

it('Postgres computes the same checksum as the clients', async () => {
  const pairs = [
    [1, 1],
    [2 ** 31 - 1, 2 ** 31 - 1],
    [2 ** 31, 7],
    [Number.MAX_SAFE_INTEGER, 2 ** 31 - 2],
    [123_456_789_012, 99],
  ] as const;
  for (const [id, version] of pairs) {
    const [row] = await cluster.sql('select meldesync_record_checksum($1, $2) as sum', [id, version]);
    expect(Number(row?.['sum']), `${id}@${version}`).toBe(recordChecksum(id, version));
  }
});

it('R1.1 each frame says what the database then holds, whoever wrote it and however often the relay starts anew', async () => {
  const records = await cluster.addRecords(40);
  const anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  const clients = [0, 1].map(() => cluster.client(anna));
  for (const client of clients) client.start();
  await eventually(() => expect(clients.every(({ connection }) => connection.name === 'live')).toBe(true));
  // Nobody edits the one that will be deleted: that would be refused, and end the editing.
  const [doomed, ...edited] = records;
  const editors = startEditors(clients, edited, 7);
  await cluster.sql('update records set note = note || $1 where id % 2 = 0', ['!']);
  await cluster.sql('delete from records where id = $1', [doomed]);
  await eventually(async () => expect((await readStream(cluster)).length).toBeGreaterThan(60));
  // Redis loses everything, and the relay reads again from what it confirmed.
  await cluster.redis.command('FLUSHALL');
  await eventually(async () => expect((await readStream(cluster)).length).toBeGreaterThan(20));
  await cluster.end(cluster.relay);
  await cluster.addRelay('second relay');
  await editors.stop();
  await eventually(async () => expect(await inStream()).toBe(await inDatabase()));
  await eventually(() => {
    for (const client of clients)
      expect(client.proof).toEqual({ state: 'proved', checksum: expect.any(Number) as number });
  });
  const database = await inDatabase();
  await eventually(() => expect(clients.map(({ proof }) => proof.checksum)).toEqual([database, database]));
});

it('a new epoch begins with what the database holds, though people write meanwhile', async () => {
  const before = await cluster.sql('select epoch from feed_state');
  const ids = (await cluster.sql('select id from records order by id limit 30')).map(({ id }) => Number(id));
  expect(ids).toHaveLength(30);
  // A row each: statements that lock several rows in different orders would stand in each other's way.
  const writing = Promise.all(
    ids.map((id) => cluster.sql('update records set note = $1 where id = $2', [`w${id}`, id])),
  );
  // Each time, as the relay may be back before anybody can drop it.
  await eventually(async () => {
    await cluster.sql('select pg_terminate_backend(active_pid, 5000) from pg_replication_slots where slot_name = $1', [
      cluster.database.slot,
    ]);
    const dropped = await cluster.sql(
      `select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1 and not active`,
      [cluster.database.slot],
    );
    expect(dropped).toHaveLength(1);
  });
  await eventually(async () => {
    const after = await cluster.sql('select epoch from feed_state');
    expect(after).toHaveLength(1);
    expect(after[0]?.['epoch']).not.toBe(before[0]?.['epoch']);
  });
  await writing;
  await cluster.sql('update records set note = $1 where id = (select min(id) from records)', ['after']);
  await eventually(async () => expect(await inStream()).toBe(await inDatabase()));
});
