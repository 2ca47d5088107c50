import { CLOSE_CODES, reconnectInMs } from '@meldesync/protocol';
import {
  type Cluster,
  connectRaw,
  eventually,
  openTransaction,
  startCluster,
  type TestPerson,
} from '@meldesync/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';

let cluster: Cluster;
let anna: TestPerson;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 2, worker: false });
  anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
});
afterAll(() => cluster[Symbol.asyncDispose]());

it('R4.1 a node that stops answers what it was asked, tells each client when to come back, and takes nobody new', async () => {
  const [record = 0] = await cluster.addRecords(1);
  const sockets = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const socket = await connectRaw(cluster.url(0), { token: anna.token });
      socket.send({ type: 'hello', workspace: cluster.workspace, client: { kind: 'web', version: 'test' } });
      await socket.next('welcome');
      return socket;
    }),
  );
  const [first] = sockets;
  // An edit that waits for somebody else's row lock while the node is told to stop.
  await using blocker = await openTransaction(cluster.database.ownerUrl);
  await blocker.query('select 1 from records where id = $1 for update', [record]);
  const items = [{ record, baseVersion: 1, set: { note: 'just in time' } }];
  first?.send({ type: 'edit', operation: 'operation-before-the-end', items });
  await eventually(async () => {
    const waiting = await cluster.sql(`select 1 from pg_stat_activity where wait_event_type = 'Lock'`);
    expect(waiting).toHaveLength(1);
  });
  const stopped = cluster.end(cluster.nodes[0]);
  await Promise.all(sockets.slice(1).map((socket) => socket.closeCode()));
  expect(first?.closed).toBeUndefined();
  await blocker.commit();
  expect((await first?.next('edited'))?.outcomes).toMatchObject([{ outcome: 'accepted', version: 2 }]);
  expect(await first?.closeCode()).toBe(CLOSE_CODES.draining);
  const moments = sockets.map(({ closed }) => reconnectInMs(closed?.code ?? 0, closed?.reason ?? ''));
  expect(moments.every((moment) => moment !== undefined)).toBe(true);
  expect(new Set(moments).size).toBeGreaterThan(1);
  await stopped;
  await expect(fetch(cluster.url(0))).rejects.toThrow();
});
