import type { ImportSummary } from '@meldesync/protocol';
import {
  type Cluster,
  eventually,
  openTransaction,
  sampleCsv,
  startCluster,
  type TestPerson,
} from '@meldesync/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROWS = 1_200;

let cluster: Cluster;
let anna: TestPerson;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, worker: false });
  anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
});
afterAll(() => cluster[Symbol.asyncDispose]());

async function upload(content: string): Promise<() => Promise<ImportSummary>> {
  const [summary] = await cluster
    .api(anna)
    .uploadImports(cluster.workspace, [{ name: 'test.csv', content: new Blob([content]) }]);
  if (!summary) throw new Error('no import came back');
  return () => cluster.api(anna).import(cluster.workspace, summary.id);
}

it('R3.1 an import goes round records that somebody else has locked, takes them when they are free, and forgets none of them', async () => {
  const older = { qualitaetskontrolle: 0 } as const;
  const records = await cluster.addRecords(2, { first: 40, ...older });
  await using holder = await openTransaction(cluster.database.ownerUrl);
  await holder.query('select 1 from records where id = any($1) for update', [records]);

  const first = await cluster.addWorker('first');
  const read = await upload(sampleCsv(ROWS));
  const others = { new: ROWS - 2, updated: 0, unchanged: 0, rejected: 0 };
  await eventually(async () => expect(await read()).toMatchObject({ status: 'running', rows: others }));
  expect((await read()).progress).toBeLessThan(1);
  // A second reading finds them too.
  await cluster.end(first);
  expect(await read()).toMatchObject({ status: 'running', rows: others });
  await cluster.addWorker('second');

  await holder.rollback();
  await eventually(async () => expect(await read()).toMatchObject({ status: 'finished', progress: 1 }));
  expect((await read()).rows).toMatchObject({ ...others, updated: 2 });
  const changes = await cluster.sql(
    `select record_id, count(*)::int from changes where op = 'update' and via = 'import' group by record_id order by record_id`,
  );
  expect(changes).toEqual(records.map((id) => ({ record_id: String(id), count: 1 })));
});
