import { createFeedReader } from '@meldesync/bus';
import { ORIGIN } from '@meldesync/protocol';
import {
  type Cluster,
  type CommitLog,
  changesOf,
  eventually,
  openTransaction,
  readStream,
  startCluster,
  startCommitLog,
} from '@meldesync/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';

let cluster: Cluster;
let log: CommitLog;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, worker: false });
  log = await startCommitLog(cluster);
});
afterAll(async () => {
  await log[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

/** All that Postgres committed is in the stream, in commit order, each frame naming the one before it. */
async function expectWholeStream() {
  const committed = await log.changes();
  await eventually(async () => expect(changesOf(await readStream(cluster))).toEqual(committed));
  const stream = await readStream(cluster);
  expect(stream.map((entry) => entry.prev)).toEqual([ORIGIN, ...stream.slice(0, -1).map((entry) => entry.id)]);
  return stream;
}

it('R1.1 frames follow the order of the commits, not that of the statements', async () => {
  const [first = 0, second = 0] = await cluster.addRecords(2);
  await using early = await openTransaction(cluster.database.ownerUrl);
  await early.query(`update records set note = 'written first' where id = $1`, [first]);
  await cluster.sql(`update records set note = 'committed first' where id = $1`, [second]);
  await early.commit();
  await expectWholeStream();
  const stream = await readStream(cluster);
  expect(stream.slice(-2).map((entry) => entry.frame.changes[0]?.record)).toEqual([second, first]);
});

it('R1.1 many writers at once leave one unbroken chain', async () => {
  const records = await cluster.addRecords(20, { first: 100 });
  const write = async (writer: number) => {
    for (let count = 0; count < 25; count++) {
      await cluster.sql('update records set note = $1 where id = any($2)', [
        `${writer}/${count}`,
        records.filter((_, index) => index % 7 === writer),
      ]);
    }
  };
  await Promise.all([0, 1, 2, 3, 4, 5, 6].map(write));
  await expectWholeStream();
});

it('R3.5 a large transaction becomes several frames that follow on each other', async () => {
  await cluster.addRecords(1_700, { first: 1_000 });
  const stream = await expectWholeStream();
  const txid = stream.at(-1)?.txid;
  const parts = stream.filter((entry) => entry.txid === txid);
  const [commit] = (parts[0]?.id ?? '').split('-');
  expect(parts.length).toBeGreaterThanOrEqual(4);
  expect(parts.map((entry) => entry.id)).toEqual(parts.map((_, part) => `${commit}-${part}`));
  const sizes = parts.map((entry) => entry.frame.changes.length);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(500);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(1_700);
});

it('R3.5 of a large transaction the nodes hear once, when all of it is in the stream', async () => {
  const heard: string[] = [];
  using reader = createFeedReader({
    url: cluster.redis.url,
    prefix: cluster.redisPrefix,
    onConnectionError: () => undefined,
    onFrame: (_, { id }) => heard.push(id),
    onRange: (_, { from, to, changes }) => heard.push(`${from} ${to} ${changes}`),
    onNotice: () => undefined,
    onState: () => undefined,
    onCanary: () => undefined,
    onUnreadable: () => undefined,
    onFailed: () => undefined,
    onResubscribed: () => undefined,
  });
  await reader.follow(cluster.workspace);
  const before = (await expectWholeStream()).at(-1);
  const [first = 0] = await cluster.addRecords(2_000, { first: 10_000 });
  await cluster.sql(`update records set note = 'small' where id = $1`, [first]);
  await eventually(() => expect(heard).toHaveLength(2));
  const stream = await expectWholeStream();
  const small = stream.at(-1);
  const last = stream.at(-2);
  expect(heard).toEqual([`${before?.id} ${last?.id} 2000`, small?.id]);
  const imported = stream.filter(({ txid }) => txid === last?.txid).flatMap(({ frame }) => frame.changes);
  expect(imported).toHaveLength(2_000);
});

it('R1.1 a transaction over two workspaces gives each its own part, and neither hears of the other', async () => {
  const other = await cluster.addWorkspace('Zweitklinik');
  const [mine = 0] = await cluster.addRecords(1, { first: 5_000 });
  const [theirs = 0] = await cluster.addRecords(1, { first: 5_000, workspace: other });
  await cluster.sql(`update records set note = 'both' where id = any($1)`, [[mine, theirs]]);
  await expectWholeStream();
  const stream = await readStream(cluster);
  expect(stream.at(-1)?.frame.changes.map((change) => change.record)).toEqual([mine]);
  await eventually(async () => {
    const otherStream = await readStream(cluster, other);
    expect(otherStream.map((entry) => entry.frame.changes.map((change) => change.record))).toEqual([
      [theirs],
      [theirs],
    ]);
    expect(otherStream.map((entry) => entry.prev)).toEqual([ORIGIN, otherStream[0]?.id]);
  });
});

it('R5.4 an update that changes nothing and a rolled-back transaction leave no frame', async () => {
  const [id = 0] = await cluster.addRecords(1, { first: 6_000 });
  const before = await expectWholeStream();
  await cluster.sql('update records set note = note where id = $1', [id]);
  {
    await using rolledBack = await openTransaction(cluster.database.ownerUrl);
    await rolledBack.query(`update records set note = 'never' where id = $1`, [id]);
  }
  await cluster.sql(`update records set note = 'after' where id = $1`, [id]);
  const after = await expectWholeStream();
  expect(after.length).toBe(before.length + 1);
});
