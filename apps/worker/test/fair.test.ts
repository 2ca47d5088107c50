import type { ImportSummary } from '@meldesync/protocol';
import {
  type Cluster,
  eventually,
  openTransaction,
  sampleCsv,
  sampleMeldebestaetigung,
  startCluster,
  type TestPerson,
} from '@meldesync/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';

const PATIENCE_MS = 100_000;
const HEADER = 'Vorgangsnummer,Meldebestaetigung';

let cluster: Cluster;
let anna: TestPerson;
let olga: TestPerson;
let second: string;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, worker: false });
  await cluster.addWorker('only');
  anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  second = await cluster.addWorkspace('Zweitklinik');
  olga = await cluster.addPerson('Olga', { workspace: second, role: 'editor' });
});
afterAll(() => cluster[Symbol.asyncDispose]());

async function upload(
  as: TestPerson,
  workspace: string,
  ...contents: string[]
): Promise<() => Promise<ImportSummary[]>> {
  const api = cluster.api(as);
  const files = contents.map((content, index) => ({ name: `${index}.csv`, content: new Blob([content]) }));
  const taken = await api.uploadImports(workspace, files);
  return async () => {
    const listed = new Map((await api.imports(workspace)).map((summary) => [summary.id, summary]));
    return taken.map(({ id }) => listed.get(id)).filter((summary) => summary !== undefined);
  };
}

it('R3.1 a file of another workspace is read while large ones wait for what somebody has locked, and while they run', async () => {
  await using blocker = await openTransaction(cluster.database.ownerUrl);
  for (const number of [600, 5_600, 10_600]) {
    const { vorgangsnummer, ibe } = sampleMeldebestaetigung(number);
    await blocker.query('insert into records (workspace_id, vorgangsnummer, ibe) values ($1, $2, $3)', [
      cluster.workspace,
      vorgangsnummer,
      ibe,
    ]);
  }
  const large = await upload(anna, cluster.workspace, ...[1, 5_001, 10_001].map((first) => sampleCsv(5_000, first)));
  await eventually(async () => expect((await large())[0]?.rows.new).toBe(500), PATIENCE_MS);

  const locked = await upload(olga, second, sampleCsv(1, 1));
  await eventually(
    async () => expect(await locked()).toMatchObject([{ status: 'finished', rows: { new: 1 } }]),
    PATIENCE_MS,
  );
  // Of a workspace one file is open at a time, so that no number of them takes the turns of others.
  expect(await large()).toMatchObject([{ status: 'running' }, { status: 'queued' }, { status: 'queued' }]);

  await blocker.rollback();
  const beside = await upload(olga, second, sampleCsv(1, 2));
  await eventually(
    async () => expect(await beside()).toMatchObject([{ status: 'finished', rows: { new: 1 } }]),
    PATIENCE_MS,
  );
  expect((await large()).at(-1)?.status).not.toBe('finished');
  await eventually(async () => {
    for (const summary of await large()) expect(summary).toMatchObject({ status: 'finished', rows: { new: 5_000 } });
  }, PATIENCE_MS);
});

it('R2.4 files of a workspace are worked through in the order in which they came: the last one wins', async () => {
  const { vorgangsnummer } = sampleMeldebestaetigung(50_000);
  const file = (content: number, rows: number) =>
    `${HEADER}\n${vorgangsnummer},${sampleMeldebestaetigung(content).ibe}\n${sampleCsv(rows, 50_100).split('\n').slice(1).join('\n')}`;
  // The first is the largest, the last the smallest.
  const read = await upload(anna, cluster.workspace, file(50_001, 2_000), file(50_002, 600), file(50_003, 1));
  await eventually(async () => {
    for (const { status } of await read()) expect(status).toBe('finished');
  }, PATIENCE_MS);
  const ends = (await read()).map(({ finishedAt }) => finishedAt ?? '');
  expect(ends).toEqual(ends.toSorted());
  const [record] = await cluster.sql('select ibe from records where vorgangsnummer = $1 and workspace_id = $2', [
    vorgangsnummer,
    cluster.workspace,
  ]);
  expect(record).toEqual({ ibe: sampleMeldebestaetigung(50_003).ibe });
});

it('many small files are read one after the other, and none is forgotten', async () => {
  const contents = Array.from({ length: 30 }, (_, index) => sampleCsv(1, 60_000 + index));
  const read = await upload(anna, cluster.workspace, ...contents);
  await eventually(async () => {
    for (const { status } of await read()) expect(status).toBe('finished');
  }, PATIENCE_MS);
});
