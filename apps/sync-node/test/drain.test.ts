import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { CLOSE_CODES, reconnectInMs, SUBPROTOCOL, SYNC_PATH } from '@meldesync/protocol';
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
  cluster = await startCluster({ nodes: 3, worker: false });
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
  await someoneWaits('node-1');
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

/** Waits until a statement of a node waits for somebody's lock. */
async function someoneWaits(node: string): Promise<void> {
  await eventually(async () => {
    const waiting = await cluster.sql(
      `select 1 from pg_stat_activity
       where wait_event_type = 'Lock' and application_name = any($1) and datname = current_database()`,
      [[`meldesync-${node}`, `meldesync-${node}-accounts`]],
    );
    expect(waiting).toHaveLength(1);
  });
}

it('R4.1 a node that stops tells also those of whom it does not know yet who they are', async () => {
  const late = await cluster.addPerson('Lena', { workspace: cluster.workspace, role: 'editor' });
  await using blocker = await openTransaction(cluster.database.ownerUrl);
  await blocker.query('lock table auth.session in access exclusive mode');
  await using socket = await connectRaw(cluster.url(1), { token: late.token });
  await someoneWaits('node-2');
  const stopped = cluster.end(cluster.nodes[1]);
  expect(await socket.closeCode()).toBe(CLOSE_CODES.draining);
  expect(reconnectInMs(CLOSE_CODES.draining, socket.closed?.reason ?? '')).toBeDefined();
  await blocker.rollback();
  await stopped;
});

/** Upgrades a connection that is open already; code of the close frame (RFC 6455 §5.5.1) that it then gets. */
async function closeCodeOver(connection: Socket): Promise<number | undefined> {
  const lines = [
    `GET ${SYNC_PATH} HTTP/1.1`,
    'Host: node',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    `Sec-WebSocket-Protocol: ${SUBPROTOCOL}`,
    `Authorization: Bearer ${anna.token}`,
  ];
  const chunks: Buffer[] = [];
  connection.on('data', (chunk: Buffer) => chunks.push(chunk));
  connection.write(`${lines.join('\r\n')}\r\n\r\n`);
  await once(connection, 'close');
  const received = Buffer.concat(chunks);
  const frame = received.subarray(received.indexOf('\r\n\r\n') + 4);
  return frame[0] === 0x88 ? frame.readUInt16BE(2) : undefined;
}

it('R4.1 a node that stops tells also those who come over a connection they had', async () => {
  const node = cluster.nodes[2];
  const [record = 0] = await cluster.addRecords(1, { first: 50 });
  const welcomed = async () => {
    const socket = await connectRaw(cluster.url(2), { token: anna.token });
    socket.send({ type: 'hello', workspace: cluster.workspace, client: { kind: 'web', version: 'test' } });
    await socket.next('welcome');
    return socket;
  };
  await using busy = await welcomed();
  await using idle = await welcomed();
  const connection = connect(node?.port ?? 0, '127.0.0.1');
  await once(connection, 'connect');
  // As long as this edit waits the node does not end.
  await using blocker = await openTransaction(cluster.database.ownerUrl);
  await blocker.query('select 1 from records where id = $1 for update', [record]);
  const items = [{ record, baseVersion: 1, set: { note: 'waits' } }];
  busy.send({ type: 'edit', operation: 'operation-that-waits', items });
  await someoneWaits('node-3');
  const stopped = cluster.end(node);
  expect(await idle.closeCode()).toBe(CLOSE_CODES.draining);
  expect(await closeCodeOver(connection)).toBe(CLOSE_CODES.draining);
  await blocker.rollback();
  await stopped;
});
