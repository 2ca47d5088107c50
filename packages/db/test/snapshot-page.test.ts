import { createTestDatabase, openTransaction, sampleMeldebestaetigung, type TestDatabase } from '@meldesync/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectDatabase, type Database, snapshotPage } from '../src/index.ts';

let testDatabase: TestDatabase;
let database: Database;
let workspace: string;
let ids: number[];
let isEnding = false;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = connectDatabase({
    url: testDatabase.appUrl,
    maxConnections: 2,
    applicationName: 'test',
    onConnectionError: (error) => {
      // The pool does not wait for its connections to be closed before the database goes.
      if (!isEnding) throw error;
    },
  });
  const [row] = await sql(`insert into workspaces (name) values ('Testklinik') returning id`);
  workspace = String(row?.['id']);
  const samples = [1, 2, 3, 4, 5].map((number) => sampleMeldebestaetigung(number));
  const rows = await sql(
    `insert into records (workspace_id, vorgangsnummer, ibe)
     select $1, v, i from unnest($2::text[], $3::text[]) as row(v, i) returning id`,
    [workspace, samples.map((sample) => sample.vorgangsnummer), samples.map((sample) => sample.ibe)],
  );
  ids = rows.map((one) => Number(one['id']));
});
afterAll(async () => {
  isEnding = true;
  await database[Symbol.asyncDispose]();
  await testDatabase[Symbol.asyncDispose]();
});

function sql(text: string, values: unknown[] = []) {
  return testDatabase.sql(text, values);
}

function page(input: { after?: number; limit?: number; mustHold?: string[] } = {}) {
  return snapshotPage(database, { workspaceId: workspace, after: 0, limit: 100, mustHold: [], ...input });
}

it('R4.2 a page is not taken before it holds a transaction that the feed has already told of', async () => {
  const [first = 0] = ids;
  await using transaction = await openTransaction(testDatabase.ownerUrl);
  await transaction.query(`update records set note = 'in the feed' where id = $1`, [first]);
  const [held] = await transaction.query('select txid from changes where record_id = $1 and version = 2', [first]);
  const txid = String(held?.['txid']);
  expect(BigInt(txid)).toBeGreaterThan(0n);

  expect(await page({ mustHold: [txid] })).toEqual({ visible: false });
  expect(await page({ mustHold: ['3', txid] })).toEqual({ visible: false });
  expect(await page()).toMatchObject({ visible: true, total: 5 });

  await transaction.commit();
  const now = await page({ mustHold: [txid] });
  expect(now.visible && now.records[0]).toMatchObject({ id: first, note: 'in the feed', version: 2 });
});

it('R4.2 a transaction that was rolled back keeps no page waiting', async () => {
  let txid = '';
  {
    await using transaction = await openTransaction(testDatabase.ownerUrl);
    const [held] = await transaction.query('select pg_current_xact_id()::text as txid');
    txid = String(held?.['txid']);
  }
  expect(await page({ mustHold: [txid] })).toMatchObject({ visible: true });
});

it('pages follow on each other by id and say how many there are in all', async () => {
  const first = await page({ limit: 2 });
  const second = await page({ limit: 2, after: ids[1] ?? 0 });
  const last = await page({ limit: 2, after: ids[3] ?? 0 });
  const shown = [first, second, last].map((one) => (one.visible ? [one.records.map(({ id }) => id), one.next] : []));
  expect(shown).toEqual([
    [ids.slice(0, 2), ids[1]],
    [ids.slice(2, 4), ids[3]],
    [ids.slice(4), null],
  ]);
  expect(first).toMatchObject({ total: 5 });
});

it('times are ISO 8601 in UTC with microseconds', async () => {
  const all = await page();
  for (const record of all.visible ? all.records : []) {
    expect(record.updatedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/);
  }
});
