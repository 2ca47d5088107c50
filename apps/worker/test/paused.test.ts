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

const ROWS = 2_000;
const BATCH = 500;

let cluster: Cluster;
let ben: TestPerson;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1 });
  ben = await cluster.addPerson('Ben', { workspace: cluster.workspace, role: 'admin' });
});
afterAll(() => cluster[Symbol.asyncDispose]());

/** An import of a new editor that is as far as its second batch, which waits until the transaction ends. */
async function beginImport(first: number) {
  const anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  const transaction = await openTransaction(cluster.database.ownerUrl);
  const { vorgangsnummer, ibe } = sampleMeldebestaetigung(first + BATCH + 100);
  await transaction.query('insert into records (workspace_id, vorgangsnummer, ibe) values ($1, $2, $3)', [
    cluster.workspace,
    vorgangsnummer,
    ibe,
  ]);
  const files = [{ name: 'test.csv', content: new Blob([sampleCsv(ROWS, first)]) }];
  const [made] = await cluster.api(anna).uploadImports(cluster.workspace, files);
  const id = made?.id ?? '';
  const read = (): Promise<ImportSummary> => cluster.api(ben).import(cluster.workspace, id);
  await eventually(async () => expect((await read()).rows.new).toBe(BATCH));
  return { anna, id, read, transaction };
}

const authorsOf = (id: string) =>
  cluster.sql('select actor, count(*)::int as rows from changes where import_id = $1 group by actor order by actor', [
    id,
  ]);

describe('an import whose person may not import any more', () => {
  // However that came to be, past the application or by a clock: nobody ends the import then but the worker itself.
  it.each([
    ['was removed', 'delete from members where user_id = $1'],
    ['only looks', `update members set role = 'viewer' where user_id = $1`],
    ['audits', `update members set role = 'auditor' where user_id = $1`],
    ['is suspended', 'update members set suspended_at = now() where user_id = $1'],
    ['was a guest whose time is over', 'update members set expires_at = now() where user_id = $1'],
    ['has no open account', 'update auth."user" set disabled_at = now() where id = $1'],
  ])('R5.1 since they %s pauses before the next batch', async (_, statement) => {
    const first = 10_000 + Math.floor(Math.random() * 1e6) * 10_000;
    const { anna, id, read, transaction } = await beginImport(first);
    await cluster.sql(statement, [anna.id]);
    await transaction.rollback();
    await transaction[Symbol.asyncDispose]();
    await eventually(async () => expect(await read()).toMatchObject({ status: 'paused', continuedBy: null }));
    const { rows } = await read();
    // At most the batch that was under way.
    expect(rows.new).toBeLessThanOrEqual(2 * BATCH);
    expect(await cluster.sql('select count(*)::int as rows from changes where import_id = $1', [id])).toEqual([
      { rows: rows.new },
    ]);
    expect(
      await cluster.sql(`select actor, before from events where kind = 'import-paused' and subject = $1`, [
        `import:${id}`,
      ]),
    ).toEqual([{ actor: 'system', before: { startedBy: `user:${anna.id}` } }]);
  });

  it('goes on in the name of the administrator who says so, behind what is in', async () => {
    const { anna, id, read, transaction } = await beginImport(500_000_000);
    await cluster.sql('delete from members where user_id = $1', [anna.id]);
    await transaction.rollback();
    await transaction[Symbol.asyncDispose]();
    await eventually(async () => expect((await read()).status).toBe('paused'));
    const { rows } = await read();
    expect(await cluster.api(ben).continueImport(cluster.workspace, id)).toMatchObject({ continuedBy: ben.id });
    await eventually(async () => expect(await read()).toMatchObject({ status: 'finished', rows: { new: ROWS } }));
    expect(await authorsOf(id)).toEqual(
      [
        { actor: `user:${anna.id}`, rows: rows.new },
        { actor: `user:${ben.id}`, rows: ROWS - rows.new },
      ].toSorted((a, b) => (a.actor < b.actor ? -1 : 1)),
    );
    await expect(cluster.api(ben).continueImport(cluster.workspace, id)).rejects.toMatchObject({
      code: 'import-not-paused',
    });
    expect(await cluster.sql('select 1 from import_chunks where import_id = $1', [id])).toEqual([]);
  });

  it('keeps no other file of the workspace waiting', async () => {
    const { anna, read, transaction } = await beginImport(600_000_000);
    await cluster.sql('delete from members where user_id = $1', [anna.id]);
    await transaction.rollback();
    await transaction[Symbol.asyncDispose]();
    await eventually(async () => expect((await read()).status).toBe('paused'));
    const files = [{ name: 'next.csv', content: new Blob([sampleCsv(3, 700_000_000)]) }];
    const [next] = await cluster.api(ben).uploadImports(cluster.workspace, files);
    await eventually(async () =>
      expect(await cluster.api(ben).import(cluster.workspace, next?.id ?? '')).toMatchObject({ status: 'finished' }),
    );
  });
});
