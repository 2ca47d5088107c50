import { type Cluster, eventually, openTransaction, startCluster, startEditors } from '@meldesync/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, worker: false });
});
afterAll(() => cluster[Symbol.asyncDispose]());

/** When the edits that wait for a lock began to. */
const waitingSince = async () =>
  (
    await cluster.sql(`select query_start::text as since from pg_stat_activity
      where datname = current_database() and application_name like 'meldesync-node-1%' and wait_event_type = 'Lock'`)
  ).map(({ since }) => String(since));

it('R2.4 a table that somebody locks costs the edits of that time and nothing else', async () => {
  const anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  const records = await cluster.addRecords(6);
  const clients = [0, 1].map(() => cluster.client(anna));
  const connections: string[] = [];
  for (const client of clients) {
    client.start();
    await eventually(() => expect(client.connection.name).toBe('live'));
    client.onConnection(({ name }) => name !== 'live' && connections.push(name));
  }
  const editors = startEditors(clients, records, 3);
  await eventually(() => expect(editors.accepted).toBeGreaterThan(5));

  await using holder = await openTransaction(cluster.database.ownerUrl);
  await holder.query('lock table records in access exclusive mode');
  // Each is ended after its time and tried again: nobody keeps a connection of the node's for longer.
  const seen = new Set<string>();
  await eventually(async () => {
    for (const since of await waitingSince()) seen.add(since);
    expect(seen.size).toBeGreaterThan(4);
  });
  expect(
    (await fetch(`${cluster.url()}/api/v1/me`, { headers: { authorization: `Bearer ${anna.token}` } })).status,
  ).toBe(200);
  const before = editors.accepted;
  await holder.rollback();

  await eventually(() => expect(editors.accepted).toBeGreaterThan(before + 5));
  await editors.stop();
  expect(connections).toEqual([]);
  const [changes] = await cluster.sql(`select count(*)::int as count from changes where op = 'update'`);
  expect(changes?.['count']).toBe(editors.accepted);
});
