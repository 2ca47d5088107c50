import { eventually, sampleMeldebestaetigung } from '@meldesync/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startWatchedCluster, type WatchedCluster } from './watched-cluster.ts';

const FEATURE_NOT_SUPPORTED = '0A000';
const CHECK_VIOLATION = '23514';
const UNIQUE_VIOLATION = '23505';

let watched: WatchedCluster;
let number = 100;
beforeAll(async () => {
  watched = await startWatchedCluster();
});
afterAll(() => watched[Symbol.asyncDispose]());

const sql = (text: string, values: unknown[] = []) => watched.cluster.sql(text, values);

async function addRecord(): Promise<{ id: number; vorgangsnummer: string }> {
  number += 1;
  const [id = 0] = await watched.cluster.addRecords(1, { first: number });
  return { id, vorgangsnummer: sampleMeldebestaetigung(number).vorgangsnummer };
}

const fresh = () => {
  number += 1;
  return { workspace: watched.cluster.workspace, ...sampleMeldebestaetigung(number) };
};

/** Every screen holds what Postgres holds, and what has been changed bears the newest change's version. */
async function expectTold(id: number, change: Record<string, unknown>): Promise<void> {
  await watched.expectAllSame();
  expect(await watched.newestChange(id)).toMatchObject({ actor: 'db:postgres', via: 'sql', ...change });
  for (const screen of watched.screens) expect(screen.store.get(id)?.version).toBe(change['version']);
}

const stateOf = (statement: string, values: unknown[] = []): Promise<unknown> =>
  sql(statement, values).then(
    () => 'succeeded',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );

describe('R3.4 R5.1 is told to every screen', () => {
  it('COPY', async () => {
    // Without a protocol of its own: the server reads what a program of its own machine writes.
    const { workspace, vorgangsnummer, ibe } = fresh();
    await sql(
      `copy records (workspace_id, vorgangsnummer, ibe, note, version, updated_by)
       from program 'printf ''%s\\t%s\\t%s\\t%s\\t%s\\t%s\\n'' ${workspace} ${vorgangsnummer} "${ibe}" copied 77 user:anna'`,
    );
    const [row] = await sql('select id, updated_by from records where vorgangsnummer = $1', [vorgangsnummer]);
    expect(row).toMatchObject({ updated_by: 'db:postgres' });
    await expectTold(Number(row?.['id']), { op: 'insert', version: 1 });
  });

  it('an INSERT of many rows with ON CONFLICT', async () => {
    const { id, vorgangsnummer } = await addRecord();
    const two = [sampleMeldebestaetigung(number), fresh()];
    await sql(
      `insert into records (workspace_id, vorgangsnummer, ibe)
       select $1, v, i from unnest($2::text[], $3::text[]) as row(v, i)
       on conflict (workspace_id, vorgangsnummer) do update set note = 'upserted'`,
      [watched.cluster.workspace, two.map((one) => one.vorgangsnummer), two.map((one) => one.ibe)],
    );
    expect(two[0]?.vorgangsnummer).toBe(vorgangsnummer);
    await expectTold(id, { op: 'update', version: 2, after: { note: 'upserted' } });
  });

  it('MERGE', async () => {
    const { id } = await addRecord();
    const { id: gone } = await addRecord();
    const { workspace, vorgangsnummer, ibe } = fresh();
    await sql(
      `merge into records r using (values (${id}, 'update'), (${gone}, 'delete'), (0, 'insert')) as said(id, what) on r.id = said.id
       when matched and what = 'update' then update set note = 'merged'
       when matched then delete
       when not matched then insert (workspace_id, vorgangsnummer, ibe) values ('${workspace}', '${vorgangsnummer}', '${ibe}')`,
    );
    await expectTold(id, { op: 'update', version: 2, after: { note: 'merged' } });
    expect(await watched.newestChange(gone)).toMatchObject({ op: 'delete', version: 2 });
  });

  it('an UPDATE through a view, one FROM another table, and one that CASE makes of many', async () => {
    const { id } = await addRecord();
    await sql('create view notes as select id, note from records');
    await sql(`update notes set note = 'through a view' where id = $1`, [id]);
    await expectTold(id, { version: 2, after: { note: 'through a view' } });
    await sql('drop view notes');
    await sql(
      `update records r set note = said.note from (values (${id}, 'from')) as said(id, note) where r.id = said.id`,
    );
    await expectTold(id, { version: 3, after: { note: 'from' } });
    await sql(`with written as (update records set note = 'with' where id = $1 returning id) select * from written`, [
      id,
    ]);
    await expectTold(id, { version: 4, after: { note: 'with' } });
  });
});

describe('R2.5 R3.4 is refused', () => {
  it.each([
    ['TRUNCATE', 'truncate records cascade', FEATURE_NOT_SUPPORTED],
    ['TRUNCATE of the history', 'truncate changes', FEATURE_NOT_SUPPORTED],
    ['a rule', 'create rule quiet as on update to records do instead nothing', FEATURE_NOT_SUPPORTED],
    ['a rule for the history', 'create rule quiet as on insert to changes do instead nothing', FEATURE_NOT_SUPPORTED],
    ['a table that inherits', 'create table child () inherits (records)', FEATURE_NOT_SUPPORTED],
    ['a history that inherits', 'create table child () inherits (changes)', FEATURE_NOT_SUPPORTED],
    ['row security', 'alter table records enable row level security', FEATURE_NOT_SUPPORTED],
    [
      'to inherit later',
      'do $$ begin create table child (like records including all); alter table child inherit records; end $$',
      FEATURE_NOT_SUPPORTED,
    ],
    [
      'records as a child',
      'do $$ begin create table parent (id bigint not null); alter table records inherit parent; end $$',
      FEATURE_NOT_SUPPORTED,
    ],
    [
      'records as a partition',
      'do $$ begin create table parent (like records) partition by list (workspace_id); alter table parent attach partition records default; end $$',
      expect.stringMatching(/^0A000|42P16|42809|55000$/) as unknown,
    ],
    ['another id', 'update records set id = 1000000 + id', '428C9'],
    ['another workspace', 'update records set workspace_id = gen_random_uuid()', CHECK_VIOLATION],
    ['an id of 0', insertWith('0'), CHECK_VIOLATION],
    ['an id below 0', insertWith('-5'), CHECK_VIOLATION],
    ['an id that no client can read', insertWith('9007199254740992'), CHECK_VIOLATION],
    [
      'a change of no transaction',
      `insert into changes (txid, workspace_id, record_id, version, op, before, after, actor, via, at)
      select 'x', id, 1, 1000, 'update', '{}', '{}', 'db:x', 'sql', now() from workspaces limit 1`,
      CHECK_VIOLATION,
    ],
    [
      'a change at no time',
      `insert into changes (workspace_id, record_id, version, op, before, after, actor, via, at)
      select id, 1, 1000, 'update', '{}', '{}', 'db:x', 'sql', 'infinity' from workspaces limit 1`,
      CHECK_VIOLATION,
    ],
    [
      'a change of nothing that can be read',
      `insert into changes (workspace_id, record_id, version, op, before, after, actor, via, at)
      select id, 1, 1000, 'update', '{}', '[]', 'db:x', 'sql', now() from workspaces limit 1`,
      CHECK_VIOLATION,
    ],
  ])('%s', async (_, statement, code) => {
    await addRecord();
    expect(await stateOf(statement)).toEqual(code);
    await watched.expectAllSame();
  });

  /** Into the first workspace. */
  function insertWith(id: string): string {
    const { vorgangsnummer, ibe } = sampleMeldebestaetigung(90);
    return `insert into records (id, workspace_id, vorgangsnummer, ibe) overriding system value
      select ${id}, id, '${vorgangsnummer}', '${ibe}' from workspaces limit 1`;
  }

  it('to inherit, by a superuser who has switched the refusal off, too: where records are the child', async () => {
    await sql('alter event trigger meldesync_tables disable');
    expect(await stateOf('create table parent (id bigint not null); alter table records inherit parent')).toBe(
      FEATURE_NOT_SUPPORTED,
    );
    await sql('alter event trigger meldesync_tables enable always');
    expect(await stateOf('create table after_it (id int); drop table after_it')).toBe('succeeded');
  });
});

describe('R3.4 where no superuser has migrated', () => {
  beforeEach(() => sql('alter event trigger meldesync_tables disable'));
  afterEach(() => sql('alter event trigger meldesync_tables enable always'));

  it('what a table that inherits holds is shown as it is, and the table is named', async () => {
    await sql('create table child () inherits (records)');
    onTestFinished(async () => {
      await sql('drop table if exists child');
    });
    const { workspace, vorgangsnummer, ibe } = fresh();
    await sql('insert into child (id, workspace_id, vorgangsnummer, ibe) values (5000000, $1, $2, $3)', [
      workspace,
      vorgangsnummer,
      ibe,
    ]);
    await watched.expectAllSame();
    for (const screen of watched.screens)
      expect(screen.store.get(5_000_000)).toMatchObject({ vorgangsnummer, updatedBy: 'db:?' });
    expect(await stateOf(`update records set note = 'child' where id = 5000000`)).toBe(UNIQUE_VIOLATION);
    await watched.expectAllSame();
    expect(await named()).toEqual([{ on_table: 'records', what: 'child public.child' }]);
    await sql('drop table child');
    await watched.expectAllSame();
    for (const screen of watched.screens) expect(screen.store.get(5_000_000)).toBeUndefined();
  });

  it('a rule is named, and nobody is told that an edit was saved that was not', async () => {
    const { id } = await addRecord();
    await watched.expectAllSame();
    await sql('create rule quiet as on update to records do instead nothing');
    onTestFinished(async () => {
      await sql('drop rule if exists quiet on records');
    });
    expect(await named()).toEqual([{ on_table: 'records', what: 'rule quiet' }]);
    const answer = await watched.cluster
      .api(watched.anna)
      .edit(watched.cluster.workspace, {
        operation: 'edit-under-a-rule',
        items: [{ record: id, baseVersion: 1, set: { note: 'lost?' } }],
      })
      .catch((error: unknown) => error);
    expect(answer).toMatchObject({ code: 'internal' });
    await sql('drop rule quiet on records');
    await watched.expectAllSame();
    expect((await watched.newestChange(id))?.['version']).toBe(1);
  });

  const named = () => sql('select * from meldesync_changed_tables()');
});

describe('R1.1 a publication', () => {
  it('that tells of other tables too changes nothing', async () => {
    await sql('alter publication meldesync_feed add table records');
    const { id } = await addRecord();
    await expectTold(id, { version: 1, op: 'insert' });
    await sql('alter publication meldesync_feed drop table records');
    await watched.expectAllSame();
  });

  it.each([
    ['that no longer tells of the history', `set (publish = 'update')`, `set (publish = 'insert')`],
    ['that lost it', 'drop table changes', 'add table changes'],
    ['that tells of a part of it', 'set table changes where (version > 1000000)', 'set table changes'],
  ])('%s makes no screen believe that it is current', async (_, broken, mended) => {
    const { id } = await addRecord();
    await watched.expectAllSame();
    await sql(`alter publication meldesync_feed ${broken}`);
    await sql(`update records set note = 'untold' where id = $1`, [id]);
    await eventually(() => {
      for (const { connection } of watched.screens) expect(connection.name).toBe('manual');
    });
    await sql(`alter publication meldesync_feed ${mended}`);
    await expectTold(id, { version: 2 });
  });
});
