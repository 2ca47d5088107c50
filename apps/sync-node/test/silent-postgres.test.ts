import { API_PREFIX, type Edit } from '@meldesync/protocol';
import {
  type Cluster,
  callHttp,
  connectRaw,
  eventually,
  expectProblem,
  type FaultProxy,
  startCluster,
  startFaultProxy,
} from '@meldesync/testkit';
import { afterEach, expect, it } from 'vitest';

let cluster: Cluster;
let wire: FaultProxy | undefined;
afterEach(async () => {
  await cluster[Symbol.asyncDispose]();
  await wire?.[Symbol.asyncDispose]();
});

it('R1.5 P19 while Postgres is silent nothing waits for ever, and what was saved is saved once after', async () => {
  cluster = await startCluster({
    nodes: 1,
    worker: false,
    logLevel: 'silent',
    serversOfNode: async (own) => {
      const database = new URL(own.databaseUrl);
      wire = await startFaultProxy({ port: Number(database.port) });
      database.hostname = '127.0.0.1';
      database.port = String(wire.port);
      return { ...own, databaseUrl: database.href };
    },
  });
  const anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  const [record = 0] = await cluster.addRecords(1);
  const hello = { type: 'hello', workspace: cluster.workspace, client: { kind: 'web', version: 'test' } } as const;
  await using socket = await connectRaw(cluster.url(), { token: anna.token });
  socket.send(hello);
  await socket.next('welcome');
  const operation = 'operation-of-a-silence';
  const edit: Edit = {
    type: 'edit',
    operation,
    items: [{ record, baseVersion: 1, set: { note: 'saved once' } }],
  };

  wire?.silence();
  socket.send(edit);
  expect(await socket.next('error')).toMatchObject({ code: 'unavailable', operation });
  await using newcomer = await connectRaw(cluster.url(), { token: anna.token });
  newcomer.send(hello);
  expect(await newcomer.closeCode()).toBe(4500);
  expect(newcomer.closed?.reason).toBe('not ready');
  const path = `${API_PREFIX}/workspaces/${cluster.workspace}/snapshot`;
  await expectProblem(await callHttp(cluster, path, { as: anna }), 'unavailable');
  expect((await fetch(`${cluster.url()}/readyz`)).status).toBe(503);

  wire?.restore();
  await eventually(async () => expect((await fetch(`${cluster.url()}/readyz`)).status).toBe(200));
  socket.send(edit);
  expect(await socket.next('edited')).toMatchObject({ operation, outcomes: [{ outcome: 'accepted', version: 2 }] });
  socket.send(edit);
  expect(await socket.next('edited')).toMatchObject({ operation, outcomes: [{ outcome: 'accepted', version: 2 }] });
  expect(await cluster.sql('select version, note from records where id = $1', [record])).toEqual([
    { version: 2, note: 'saved once' },
  ]);
});
