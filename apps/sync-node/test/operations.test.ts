import { API_PREFIX, type Operations, operations } from '@meldesync/protocol';
import {
  callHttp,
  eventually,
  expectProblem,
  type FaultProxy,
  startCluster,
  startFaultProxy,
  type TestPerson,
  unreadableCount,
} from '@meldesync/testkit';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';

const PATH = `${API_PREFIX}/operations`;
const LEVEL = `${PATH}/level`;

const wires: FaultProxy[] = [];
afterAll(async () => {
  for (const wire of wires) await wire[Symbol.asyncDispose]();
});
/** Each node has a wire of its own to Redis. */
const cluster = await startCluster({
  logLevel: 'silent',
  serversOfNode: async (own) => {
    const wire = await startFaultProxy({ port: Number(new URL(own.redisUrl).port) });
    wires.push(wire);
    return { ...own, redisUrl: `redis://127.0.0.1:${wire.port}` };
  },
});
afterAll(() => cluster[Symbol.asyncDispose]());
const other = await cluster.addWorkspace('Zweitklinik');
const person = (name: string, role: 'viewer' | 'editor' | 'admin', workspace = cluster.workspace) =>
  cluster.addPerson(name, { workspace, role });
const ada = await person('Ada', 'admin');
const eva = await person('Eva', 'editor');
const vera = await person('Vera', 'viewer');
const olga = await person('Olga', 'admin', other);
const [record = 0] = await cluster.addRecords(3);

async function look(as: TestPerson = ada): Promise<Operations> {
  const response = await callHttp(cluster, PATH, { as });
  expect(response.status).toBe(200);
  return operations.parse(await response.json());
}

const setLevel = (as: TestPerson | undefined, level: string) =>
  callHttp(cluster, LEVEL, { as, method: 'PUT', json: { level } });

it('R5.4 only who administers a workspace sees how the cluster runs, or sets its level', async () => {
  await expectProblem(await callHttp(cluster, PATH), 'unauthenticated');
  await expectProblem(await setLevel(undefined, 'manual'), 'unauthenticated');
  const nobodys = await cluster.addPerson('Nora');
  for (const as of [eva, vera, nobodys]) {
    await expectProblem(await callHttp(cluster, PATH, { as }), 'forbidden');
    await expectProblem(await setLevel(as, 'manual'), 'forbidden');
  }
  expect((await look()).level).toMatchObject({ name: 'normal', chosenBy: 'measured' });
  await expectProblem(await setLevel(ada, 'normal'), 'invalid-field');
});

it('R5.4 every process says how it is, and what it has done', async () => {
  const client = cluster.client(eva);
  client.start();
  await eventually(() => expect(client.store.size).toBe(3));
  await client.edit([{ record, baseVersion: 1, set: { note: 'gesehen' } }]);
  await eventually(async () => {
    const { processes, feed, history, queue } = await look();
    expect(processes.map(({ kind, name }) => [kind, name])).toEqual([
      ['node', 'node-1'],
      ['node', 'node-2'],
      ['relay', 'relay'],
      ['worker', 'worker'],
    ]);
    for (const { usable, live, missing, memoryBytes, pool } of processes) {
      expect({ usable, live, missing }).toEqual({ usable: true, live: true, missing: [] });
      expect(memoryBytes).toBeGreaterThan(1024 * 1024);
      expect(pool?.waiting).toBe(0);
    }
    expect(processes[0]?.connections).toContainEqual({ tier: 0, count: 1 });
    expect(processes[2]?.role).toBe('active');
    expect(feed.lagBytes).not.toBeNull();
    expect(feed.bufferFrames).not.toBeNull();
    expect(feed.canaryAgeMs).toBeLessThan(6_000);
    expect(queue).toEqual({ waiting: 0, active: 0, delayed: 0, failed: 0 });
    expect(history.some(({ editsPerSecond }) => editsPerSecond > 0)).toBe(true);
    expect(history.some(({ answerP95 }) => typeof answerP95 === 'number')).toBe(true);
    expect(history.some(({ deliveriesPerSecond }) => deliveriesPerSecond > 0)).toBe(true);
    expect(history.at(-1)?.connections).toBe(1);
  });
  client.stop();
});

it('R1.4 R5.4 locks are seen by who administers their workspace alone', async () => {
  const client = cluster.client(eva);
  client.start();
  await eventually(() => expect(client.connection.name).toBe('live'));
  expect(await client.lock([record])).toMatchObject({ outcome: 'granted' });
  await eventually(async () => expect((await look()).locks).toMatchObject([{ records: [record], user: eva.id }]));
  expect((await look(olga)).locks).toEqual([]);
  client.stop();
});

it('P45 what somebody puts on the board costs that entry alone, and is told', async () => {
  const before = await unreadableCount(cluster.nodes[0], 'status-board');
  const key = (rest: string) => `${cluster.redisPrefix}:{operations}:${rest}`;
  const known = z
    .array(z.string())
    .min(4)
    .parse(await cluster.redis.command('SMEMBERS', key('statuses')));
  const posted = z.string().parse(await cluster.redis.command('GET', key(`status:${known[0]}`)));
  await cluster.redis.command('SADD', key('statuses'), 'stranger', 'half', 'old', 'late');
  await cluster.redis.command('SET', key('status:stranger'), 'no status');
  await cluster.redis.command('SET', key('status:half'), `${Date.now()} {"name":"x"}`);
  // What can be read, but of a moment that no date can say.
  await cluster.redis.command('SET', key('status:late'), posted.replace(/^\d+/, `${Number.MAX_SAFE_INTEGER}`));
  await cluster.redis.command('SADD', key('histories'), 'stranger');
  await cluster.redis.command('LPUSH', key('history:stranger'), `${Date.now()} {"spanMs":0}`, 'x');
  // In one step: the worker writes it again and again.
  const asHash = "redis.call('DEL', KEYS[1]) redis.call('HSET', KEYS[1], 'a', 'b')";
  await cluster.redis.command('EVAL', asHash, '1', key('decision'));
  await cluster.redis.command('SET', key('chosen'), '{"level":"loud"}');
  await eventually(async () => {
    const { processes, level, history } = await look();
    expect(processes).toHaveLength(4);
    expect(level.name).toBe('normal');
    expect(history.length).toBeGreaterThan(0);
    expect(await unreadableCount(cluster.nodes[0], 'status-board')).toBeGreaterThan(before);
    expect(await cluster.redis.command('TYPE', key('decision'))).toBe('string');
  });
  await cluster.redis.command(
    'DEL',
    key('chosen'),
    key('status:stranger'),
    key('status:half'),
    key('status:late'),
    key('history:stranger'),
  );
  await cluster.redis.command('DEL', key('statuses'));
  await cluster.redis.command('SET', key('statuses'), 'of another type');
  await eventually(async () => expect((await look()).processes).toHaveLength(4));
});

it('R5.4 a process that ends is seen no more', async () => {
  const extra = await cluster.addWorker('extra');
  await eventually(async () => expect((await look()).processes.map(({ name }) => name)).toContain('extra'));
  await cluster.end(extra);
  await eventually(async () => expect((await look()).processes.map(({ name }) => name)).not.toContain('extra'));
});

it('R5.4 without Redis the node says what it knows, and does not keep anybody waiting', async () => {
  wires[0]?.silence();
  await eventually(async () => {
    const { processes, history, queue } = await look();
    expect(processes).toHaveLength(1);
    expect(processes[0]).toMatchObject({ name: 'node-1', usable: true });
    expect(processes[0]?.missing).toContain('Redis does not answer');
    expect(history).toEqual([]);
    expect(queue.waiting).toBe(0);
  });
  await expectProblem(await setLevel(ada, 'manual'), 'unavailable');
  // Nobody waits for what gathers before a silent Redis.
  expect(await Promise.all(Array.from({ length: 20 }, () => look()))).toHaveLength(20);
  wires[0]?.restore();
  await eventually(async () => expect((await look()).processes).toHaveLength(4));
});
