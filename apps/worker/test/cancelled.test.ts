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
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let cluster: Cluster;
let anna: TestPerson;
let ben: TestPerson;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, worker: false });
  const membership = { workspace: cluster.workspace, role: 'editor' } as const;
  anna = await cluster.addPerson('Anna', membership);
  ben = await cluster.addPerson('Ben', membership);
});
afterAll(() => cluster[Symbol.asyncDispose]());

async function upload(content: string): Promise<ImportSummary> {
  const files = [{ name: 'test.csv', content: new Blob([content]) }];
  const [summary] = await cluster.api(anna).uploadImports(cluster.workspace, files);
  if (!summary) throw new Error('no import came back');
  return summary;
}

const cancel = (id: string) => cluster.api(ben).cancelImport(cluster.workspace, id);
const waitingForRecords = () =>
  cluster.sql(`select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%insert into records%'
    and datname = current_database()`);
const chunksOf = (id: string) => cluster.sql('select 1 from import_chunks where import_id = $1', [id]);

describe('an import that an editor cancels', () => {
  it('R5.5 while it waits takes nothing over, and the row of the import says who it was and when', async () => {
    const client = cluster.client(anna);
    const heard: ImportSummary[] = [];
    client.onImport((summary) => heard.push(summary));
    client.start();
    await eventually(() => expect(client.connection.name).toBe('live'));
    const { id } = await upload(sampleCsv(5, 100));
    const summary = await cancel(id);
    expect(summary).toMatchObject({ status: 'cancelled', cancelledBy: ben.id, rows: { new: 0 }, error: null });
    expect(summary.finishedAt).toMatch(/^\d{4}-/);
    expect(await chunksOf(id)).toEqual([]);
    await eventually(() => expect(heard).toEqual([summary]));
    // Twice is the same, and says who was first.
    expect(await cluster.api(anna).cancelImport(cluster.workspace, id)).toEqual(summary);
    client.stop();

    const worker = await cluster.addWorker('late');
    const next = await upload(sampleCsv(1, 200));
    await eventually(async () =>
      expect(await cluster.api(anna).import(cluster.workspace, next.id)).toMatchObject({ status: 'finished' }),
    );
    await expect(cancel(next.id)).rejects.toMatchObject({ code: 'import-ended' });
    expect(await cluster.api(anna).import(cluster.workspace, id)).toEqual(summary);
    await cluster.end(worker);
  });

  it('while it runs takes back the batch under way; rows that are in stay, and are counted', async () => {
    await using worker = await cluster.addWorker('worker');
    await using transaction = await openTransaction(cluster.database.ownerUrl);
    const { vorgangsnummer, ibe } = sampleMeldebestaetigung(10_700);
    await transaction.query('insert into records (workspace_id, vorgangsnummer, ibe) values ($1, $2, $3)', [
      cluster.workspace,
      vorgangsnummer,
      ibe,
    ]);
    const { id } = await upload(sampleCsv(2_000, 10_000));
    const read = () => cluster.api(anna).import(cluster.workspace, id);
    // The second batch waits for a record that somebody else is writing.
    await eventually(async () => expect((await read()).rows.new).toBe(500));
    await eventually(async () => expect(await waitingForRecords()).toHaveLength(1));
    // Whoever cancels waits neither for the batch under way nor for the transaction that keeps it waiting.
    const summary = await cancel(id);
    expect(summary).toMatchObject({ status: 'cancelled', cancelledBy: ben.id, rows: { new: 500 }, progress: 0.25 });
    await transaction.rollback();
    // The worker has let go of it once it takes the next one.
    const next = await upload(sampleCsv(1, 300));
    await eventually(async () =>
      expect(await cluster.api(anna).import(cluster.workspace, next.id)).toMatchObject({ status: 'finished' }),
    );
    await cluster.end(worker);
    expect(await read()).toEqual(summary);
    const records = await cluster.sql('select 1 from changes where import_id = $1', [id]);
    expect(records).toHaveLength(500);
    expect(await chunksOf(id)).toEqual([]);
  });
});
