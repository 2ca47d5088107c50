import { IMPORT_QUEUE, queuePrefix } from '@meldesync/jobs';
import {
  type Cluster,
  eventually,
  sampleMeldebestaetigung,
  startCluster,
  type TestPerson,
  unreadableCount,
} from '@meldesync/testkit';
import type { WorkerApp } from '@meldesync/worker';
import { Queue } from 'bullmq';
import { afterAll, beforeAll, expect, it } from 'vitest';

let cluster: Cluster;
let worker: WorkerApp;
let anna: TestPerson;
let files = 0;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, worker: false, logLevel: 'silent' });
  worker = await cluster.addWorker('worker');
  anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
});
afterAll(() => cluster[Symbol.asyncDispose]());

/** A file is worked through. */
async function importsGoOn(): Promise<void> {
  const { vorgangsnummer, ibe } = sampleMeldebestaetigung((files += 1));
  const content = new Blob([`Vorgangsnummer,Meldebestaetigung\n${vorgangsnummer},${ibe}\n`]);
  const [taken] = await cluster.api(anna).uploadImports(cluster.workspace, [{ name: 'a.csv', content }]);
  await eventually(async () => {
    const { status, rows } = await cluster.api(anna).import(cluster.workspace, taken?.id ?? '');
    expect([status, rows.new]).toEqual(['finished', 1]);
  });
}

const queue = () =>
  new Queue(IMPORT_QUEUE, { connection: { url: cluster.redis.url }, prefix: queuePrefix(cluster.redisPrefix) });

it.each([
  ['of another name and payload', 'weather', { sunny: true }],
  ['without a payload', 'import', null],
  ['of a workspace that is no id', 'import', { workspaceId: 7 }],
])('R3.1 a job %s is passed over with an event, and files are worked through', async (_, name, data) => {
  const before = await unreadableCount(worker, 'import-job');
  const added = queue();
  await added.add(name, data);
  await added.close();
  await eventually(async () => expect(await unreadableCount(worker, 'import-job')).toBeGreaterThan(before));
  await importsGoOn();
});

it('R3.1 a job of a workspace that is not there, and one whose text was cut off, keep no file waiting', async () => {
  const added = queue();
  await added.add('import', { workspaceId: '99999999-9999-4999-8999-999999999999' });
  const cut = await added.add('import', { workspaceId: cluster.workspace }, { delay: 100 });
  await cluster.redis.command('HSET', added.toKey(String(cut.id)), 'data', '{"workspaceId":"9', 'opts', '{"att');
  await added.close();
  await importsGoOn();
  await importsGoOn();
});

it('R3.1 an import that holds no sense ends or waits, and the next file is worked through', async () => {
  await cluster.sql(
    `insert into imports (workspace_id, filename, size_bytes, created_by, error, deferred_lines, rows_total, created_at)
     values ($1, 'x.csv', 1, $2, '"weird"', '{-1,7}', -5, '-infinity')`,
    [cluster.workspace, anna.id],
  );
  await importsGoOn();
  await cluster.sql(
    `insert into imports (workspace_id, filename, size_bytes, created_by, created_at)
     values ($1, 'y.csv', 1, $2, '-infinity')`,
    [cluster.workspace, anna.id],
  );
  await cluster.sql(`insert into import_chunks (import_id, position, bytes)
     select id, 0, '\\xff00ff00' from imports where filename = 'y.csv'`);
  await importsGoOn();
});
