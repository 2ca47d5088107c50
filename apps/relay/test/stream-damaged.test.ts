import type { SyncClient } from '@meldesync/client';
import {
  type Cluster,
  eventually,
  metricOf,
  readStream,
  recordsInPostgres,
  recordsOf,
  startCluster,
  startEditors,
} from '@meldesync/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';

const RECORDS = 20;

let cluster: Cluster;
let clients: SyncClient[];
let records: number[];

beforeAll(async () => {
  cluster = await startCluster({ worker: false });
  records = await cluster.addRecords(RECORDS);
  const anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  clients = [0, 1].map((node) => cluster.client(anna, { node }));
  for (const client of clients) client.start();
  await eventually(() => {
    for (const client of clients) {
      expect(client.connection.name).toBe('live');
      expect(client.store.size).toBe(RECORDS);
    }
  });
});
afterAll(() => cluster[Symbol.asyncDispose]());

async function streamKey(): Promise<string> {
  const [state] = await cluster.sql('select epoch from feed_state');
  return `${cluster.redisPrefix}:{${cluster.workspace}}:feed2:${String(state?.['epoch'])}`;
}

async function newestId(): Promise<string> {
  return (await readStream(cluster)).at(-1)?.id ?? '';
}

/** How often the relay has given a pass up. */
async function failures(): Promise<number> {
  return metricOf(cluster.relay, 'meldesync_relay_passes_total', { reason: 'failure' });
}

async function expectAllCurrent(): Promise<void> {
  await eventually(async () => {
    const truth = await recordsInPostgres(cluster);
    for (const client of clients) expect(recordsOf(client.store)).toEqual(truth);
  });
}

const DAMAGE: [string, (key: string) => Promise<readonly string[][]>][] = [
  ['is trimmed to nothing', async (key) => [['XTRIM', key, 'MAXLEN', '0']]],
  ['loses its last entry', async (key) => [['XDEL', key, await newestId()]]],
  ['is deleted', async (key) => [['DEL', key]]],
  [
    'is replaced by a key of another type',
    async (key) => [
      ['DEL', key],
      ['SET', key, 'something else'],
    ],
  ],
  ['gets a next id that no commit reaches', async (key) => [['XSETID', key, '18446744073709551615-0']]],
  ['gets an entry of somebody else', async (key) => [['XADD', key, '*', 'name', 'value']]],
];

it.each(DAMAGE)('R1.1 R2.4 a stream that %s is filled again, and everybody gets what comes', async (name, commands) => {
  const begun = (await cluster.sql('select epoch from feed_state'))[0]?.['epoch'];
  for (const way of ['while people write', 'at rest']) {
    const editors = startEditors(clients, records, 3);
    await eventually(() => expect(editors.accepted).toBeGreaterThan(30));
    if (way === 'at rest') {
      await editors.stop();
      await expectAllCurrent();
    }
    const key = await streamKey();
    for (const [command = '', ...args] of await commands(key)) await cluster.redis.command(command, ...args);
    if (way === 'at rest') {
      // Without a further change: whoever comes now finds what is kept.
      await eventually(async () => expect((await readStream(cluster)).length).toBeGreaterThan(0));
    } else {
      const before = editors.accepted;
      await eventually(() => expect(editors.accepted).toBeGreaterThan(before + 30));
      await editors.stop();
    }
    const [last] = await cluster.sql(
      `update records set note = $1 where id = $2 returning pg_current_xact_id()::text as txid`,
      [`after it ${name}`, records[0]],
    );
    await expectAllCurrent();
    await eventually(async () => expect((await readStream(cluster)).at(-1)?.txid).toBe(last?.['txid']));
  }
  expect(await failures()).toBe(0);
  expect((await cluster.sql('select epoch from feed_state'))[0]?.['epoch']).toBe(begun);
});
