import type { SyncClient } from '@meldesync/client';
import { ORIGIN } from '@meldesync/protocol';
import {
  type Cluster,
  type CommitLog,
  changesOf,
  eventually,
  readStream,
  recordsInPostgres,
  recordsOf,
  startCluster,
  startCommitLog,
  startEditors,
} from '@meldesync/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';

const CLIENTS = 6;
const RECORDS = 40;
/** A machine with other work to do gets there too. */
const PATIENCE_MS = 100_000;

let cluster: Cluster;
let log: CommitLog;
let clients: SyncClient[];
let records: number[];

beforeEach(async () => {
  cluster = await startCluster({ worker: false });
  log = await startCommitLog(cluster);
  records = await cluster.addRecords(RECORDS);
  clients = [];
  for (let index = 0; index < CLIENTS; index++) {
    const person = await cluster.addPerson(`Person ${index}`, { workspace: cluster.workspace, role: 'editor' });
    const client = cluster.client(person, { node: index });
    client.start();
    clients.push(client);
  }
  await eventually(() => {
    for (const client of clients) {
      expect(client.connection.name).toBe('live');
      expect(client.store.size).toBe(RECORDS);
    }
  });
});
afterEach(async () => {
  await log[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

/** Every change of Postgres is in Redis exactly once, in commit order, and every client shows what Postgres holds. */
async function expectNothingLost(): Promise<void> {
  const committed = await log.changes();
  await eventually(async () => expect(changesOf(await readStream(cluster))).toEqual(committed));
  const stream = await readStream(cluster);
  expect(stream.map((entry) => entry.prev)).toEqual([ORIGIN, ...stream.slice(0, -1).map((entry) => entry.id)]);
  expect(stream.map((entry) => entry.frame.id)).toEqual(stream.map((entry) => entry.id));
  const truth = await recordsInPostgres(cluster);
  for (const client of clients) await eventually(() => expect(recordsOf(client.store)).toEqual(truth));
}

it("R1.1 R2.4 killing Redis' data while edits run loses nothing", async () => {
  const editors = startEditors(clients, records, 1);
  for (let flush = 1; flush <= 4; flush++) {
    await eventually(() => expect(editors.accepted).toBeGreaterThanOrEqual(flush * 100), PATIENCE_MS);
    await cluster.redis.command('FLUSHALL');
    await cluster.sql(`update records set note = $1 where workspace_id = $2 and id % 5 = $3`, [
      `by hand ${flush}`,
      cluster.workspace,
      flush % 5,
    ]);
  }
  await editors.stop();
  expect(editors.conflicts).toBeGreaterThan(0);
  await expectNothingLost();
}, 90_000);

it('R1.1 R4.2 a Redis that is killed and comes back empty while edits run loses nothing', async () => {
  const editors = startEditors(clients, records, 2);
  for (let kill = 1; kill <= 2; kill++) {
    const before = editors.accepted;
    await eventually(() => expect(editors.accepted).toBeGreaterThanOrEqual(before + 100), PATIENCE_MS);
    await cluster.redis.kill();
    await cluster.sql(`update records set note = $1 where workspace_id = $2 and id % 2 = 0`, [
      `without Redis ${kill}`,
      cluster.workspace,
    ]);
    await cluster.redis.start();
  }
  await eventually(() => expect(editors.accepted).toBeGreaterThanOrEqual(300), PATIENCE_MS);
  await editors.stop();
  await expectNothingLost();
}, 90_000);
