import { setTimeout } from 'node:timers/promises';
import { API_PREFIX, operations, type UpMessage } from '@meldesync/protocol';
import {
  type Cluster,
  callHttp,
  connectRaw,
  eventually,
  levelFrom,
  type RawSocket,
  startCluster,
  type TestPerson,
} from '@meldesync/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';

const LATE_MS = 1_000;

let cluster: Cluster;
let ada: TestPerson;
let vera: TestPerson;
let record = 0;

beforeAll(async () => {
  cluster = await startCluster({
    nodes: 1,
    worker: false,
    logLevel: 'silent',
    degradation: { limits: { latencyMs: levelFrom('manual', LATE_MS) } },
  });
  ada = await cluster.addPerson('Ada', { workspace: cluster.workspace, role: 'admin' });
  vera = await cluster.addPerson('Vera', { workspace: cluster.workspace, role: 'viewer' });
  [record = 0] = await cluster.addRecords(1);
});

afterAll(() => cluster[Symbol.asyncDispose]());

/** A connection that is live. */
async function follow(person: TestPerson): Promise<RawSocket> {
  const client = cluster.client(person);
  client.start();
  await eventually(() => expect(client.cursor).not.toBeNull());
  const cursor = client.cursor ?? '';
  client.stop();
  const socket = await connectRaw(cluster.url(0), { token: person.token });
  socket.send({ type: 'hello', workspace: cluster.workspace, client: { kind: 'web', version: 'test' } });
  await socket.next('welcome');
  socket.send({ type: 'subscribe', cursor });
  await socket.next('subscribed');
  return socket;
}

/** What is told later. */
const held: (() => void)[] = [];

type Applied = Extract<UpMessage, { type: 'report' }>['applied'][number];

function report(socket: RawSocket, ...applied: Applied[]): void {
  socket.send({ type: 'report', applied, spans: [] });
}

async function change(): Promise<void> {
  await cluster.sql('update records set note = gen_random_uuid()::text where id = $1', [record]);
}

/** What was sent to this connection, as it tells of it: applied this much after it was sent. */
async function told(socket: RawSocket, afterMs: number): Promise<Applied[]> {
  const { frames, sentAt = 0 } = await socket.next('frames');
  return frames.map(({ at = 0 }) => ({ committedAt: at, sentAt, receivedAt: sentAt, appliedAt: sentAt + afterMs }));
}

async function look() {
  const response = await callHttp(cluster, `${API_PREFIX}/operations`, { as: ada });
  return operations.parse(await response.json());
}

/** Forges until the level is another, or until so many points have come to the history. */
async function levelAfter(forge: () => Promise<void>, points: number): Promise<string> {
  const begun = new Set((await look()).history.map(({ at }) => at));
  for (;;) {
    const { level, history } = await look();
    if (level.name !== 'normal' || history.filter(({ at }) => !begun.has(at)).length >= points) return level.name;
    await forge();
    // No connection is closed for saying too much.
    await setTimeout(50);
  }
}

it('R5.4 P50 a viewer who reports what was never sent raises no level, and is counted nowhere', async () => {
  await using forger = await follow(vera);
  const before = await look();
  let committedAt = Date.now() - 3_600_000;
  const level = await levelAfter(async () => {
    await change();
    await told(forger, 0);
    const forged = { sentAt: 0, receivedAt: 0, appliedAt: 8.64e15 };
    report(forger, ...Array.from({ length: 20 }, () => ({ ...forged, committedAt: committedAt++ })));
  }, 2);
  expect(level).toBe('normal');
  const { history } = await look();
  expect(history.length).toBeGreaterThan(before.history.length);
  expect(history.every(({ p99 }) => p99 === null)).toBe(true);
});

it('R5.4 P50 one person is not believed alone: with others who have changes at once, and over several connections', async () => {
  await using honest = await follow(ada);
  await using forger = await follow(vera);
  await using again = await follow(vera);
  const level = await levelAfter(async () => {
    await change();
    report(honest, ...(await told(honest, 1)));
    for (const socket of [forger, again]) {
      const late = await told(socket, 50_000);
      // They are told once it is as late as can be believed, each twenty times.
      held.push(() => report(socket, ...late.flatMap((one) => Array.from({ length: 20 }, () => one))));
    }
    if (held.length > 60) for (const tell of held.splice(0, 2)) tell();
  }, 3);
  expect(level).toBe('normal');
});

it('R5.4 P50 what several people see does raise it', async () => {
  await using one = await follow(ada);
  await using other = await follow(vera);
  const level = await levelAfter(async () => {
    await change();
    const late = await Promise.all([told(one, 60_000), told(other, 60_000)]);
    // By then it may be true.
    await setTimeout(LATE_MS);
    report(one, ...late[0]);
    report(other, ...late[1]);
  }, 20);
  expect(level).toBe('manual');
});
