import { type Cluster, eventually, startCluster } from '@meldesync/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, worker: false });
});
afterAll(() => cluster[Symbol.asyncDispose]());

const isLive = async () => (await fetch(`http://127.0.0.1:${cluster.nodes[0]?.adminPort}/readyz?live`)).status === 200;

it('P49 R1.5 a Redis that takes canaries and no frames makes nobody believe that all is current', async () => {
  const anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  const [id] = await cluster.addRecords(1);
  const client = cluster.client(anna);
  client.start();
  await eventually(() => expect(client.connection.name).toBe('live'));
  await eventually(async () => expect(await isLive()).toBe(true));

  await cluster.redis.command('ACL', 'SETUSER', 'meldesync_relay', '-xadd');
  await cluster.sql('update records set note = $1 where id = $2', ['refused', id]);
  await eventually(async () => expect(await isLive()).toBe(false));
  await eventually(() => expect(client.connection.name).toBe('manual'));

  await cluster.redis.command('ACL', 'SETUSER', 'meldesync_relay', '+xadd');
  await eventually(async () => expect(await isLive()).toBe(true));
  await eventually(() => expect(client.store.get(Number(id))?.note).toBe('refused'));
  await eventually(() => expect(client.connection.name).toBe('live'));
});
