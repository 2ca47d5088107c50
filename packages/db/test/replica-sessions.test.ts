import { BLANK_CONTENT } from '@meldesync/domain';
import { createTestDatabase, runSql, sampleMeldebestaetigung, type TestDatabase } from '@meldesync/testkit';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const INSUFFICIENT_PRIVILEGE = '42501';
const FEATURE_NOT_SUPPORTED = '0A000';
const CHECK_VIOLATION = '23514';

let database: TestDatabase;
let workspace: string;
/** A session as those of pg_restore, of ETL tools and of subscriptions. */
let replica: pg.Client;
let number = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  const [row] = await runSql(database.ownerUrl, `insert into workspaces (name) values ('Testklinik') returning id`);
  workspace = String(row?.['id']);
  replica = new pg.Client({ connectionString: database.ownerUrl });
  await replica.connect();
  await replica.query('set session_replication_role = replica');
});
afterAll(async () => {
  await replica.end();
  await database[Symbol.asyncDispose]();
});

beforeEach(() => {
  number += 1;
});

async function sql(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return (await replica.query(text, values)).rows as Record<string, unknown>[];
}

function sampleRow(of: number) {
  return sampleMeldebestaetigung(of);
}

async function insert(): Promise<number> {
  const { vorgangsnummer, ibe } = sampleRow(number);
  const [row] = await sql(
    `insert into records (workspace_id, vorgangsnummer, ibe, version, updated_by) values ($1, $2, $3, 99, 'user:nobody')
     returning id`,
    [workspace, vorgangsnummer, ibe],
  );
  return Number(row?.['id']);
}

async function record(id: number) {
  const [row] = await sql('select version, note, updated_by from records where id = $1', [id]);
  return row;
}

async function changesOf(id: number) {
  return sql('select version, op, before, after, actor, via from changes where record_id = $1 order by id', [id]);
}

async function steps(id: number) {
  return (await changesOf(id)).map(({ op, version }) => [op, version]);
}

async function stateOf(statement: Promise<unknown>): Promise<unknown> {
  return statement.then(
    () => 'succeeded',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );
}

describe('under session_replication_role = replica', () => {
  it('R2.5 R5.1 an insert, an update and a delete leave the changes that an ordinary session leaves', async () => {
    const id = await insert();
    const { vorgangsnummer, ibe } = sampleRow(number);
    expect(await record(id)).toEqual({ version: 1, note: null, updated_by: 'db:postgres' });
    await sql(`update records set note = 'a', version = 50 where id = $1`, [id]);
    expect(await record(id)).toEqual({ version: 2, note: 'a', updated_by: 'db:postgres' });
    await sql('delete from records where id = $1', [id]);
    const by = { actor: 'db:postgres', via: 'sql' };
    const content = { vorgangsnummer, ibe, ...BLANK_CONTENT };
    expect(await changesOf(id)).toEqual([
      { version: 1, op: 'insert', before: {}, after: content, ...by },
      { version: 2, op: 'update', before: { note: null }, after: { note: 'a' }, ...by },
      { version: 3, op: 'delete', before: { ...content, note: 'a' }, after: {}, ...by },
    ]);
  });

  it('R2.5 an update keeps the version where it changes nothing, and skips none where it names one', async () => {
    const id = await insert();
    await sql('update records set version = 7 where id = $1', [id]);
    await sql(`update records set note = null where id = $1`, [id]);
    expect(await record(id)).toMatchObject({ version: 1 });
    expect(await steps(id)).toEqual([['insert', 1]]);
    const fixed = sql('update records set vorgangsnummer = $1 where id = $2', ['f'.repeat(64), id]);
    expect(await stateOf(fixed)).toBe(CHECK_VIOLATION);
  });

  it('R3.5 an upsert leaves one change for the new and one for the changed record', async () => {
    const changed = await insert();
    const { vorgangsnummer } = sampleRow(number);
    number += 1;
    const fresh = sampleRow(number);
    await sql(
      `insert into records (workspace_id, vorgangsnummer, ibe)
       select $1, v, i from unnest($2::text[], $3::text[]) as row(v, i)
       on conflict (workspace_id, vorgangsnummer) do update set ibe = excluded.ibe`,
      [workspace, [vorgangsnummer, fresh.vorgangsnummer], [fresh.ibe, fresh.ibe]],
    );
    const [created] = await sql('select id from records where vorgangsnummer = $1', [fresh.vorgangsnummer]);
    expect(await steps(changed)).toEqual([
      ['insert', 1],
      ['update', 2],
    ]);
    expect(await steps(Number(created?.['id']))).toEqual([['insert', 1]]);
  });

  it('R3.5 a MERGE leaves one change for each record that it inserts, updates or deletes', async () => {
    const updated = await insert();
    const { vorgangsnummer: ofUpdated } = sampleRow(number);
    number += 1;
    const deleted = await insert();
    const { vorgangsnummer: ofDeleted } = sampleRow(number);
    number += 1;
    const fresh = sampleRow(number);
    await sql(
      `merge into records r using unnest($2::text[], $3::text[], $4::bool[]) as row(v, i, gone)
         on r.workspace_id = $1::uuid and r.vorgangsnummer = v
       when matched and gone then delete
       when matched then update set note = 'merged'
       when not matched then insert (workspace_id, vorgangsnummer, ibe) values ($1::uuid, v, i)`,
      [
        workspace,
        [ofUpdated, ofDeleted, fresh.vorgangsnummer],
        [fresh.ibe, fresh.ibe, fresh.ibe],
        [false, true, false],
      ],
    );
    const [created] = await sql('select id from records where vorgangsnummer = $1', [fresh.vorgangsnummer]);
    expect(await steps(updated)).toEqual([
      ['insert', 1],
      ['update', 2],
    ]);
    expect(await steps(deleted)).toEqual([
      ['insert', 1],
      ['delete', 2],
    ]);
    expect(await steps(Number(created?.['id']))).toEqual([['insert', 1]]);
  });

  it('R3.5 a COPY leaves one change for each record', async () => {
    const { vorgangsnummer, ibe } = sampleRow(number);
    await sql(
      `copy records (workspace_id, vorgangsnummer, ibe, version) from program 'echo "${workspace},${vorgangsnummer},${ibe},5"' csv`,
    );
    const [created] = await sql('select id from records where vorgangsnummer = $1', [vorgangsnummer]);
    expect(await steps(Number(created?.['id']))).toEqual([['insert', 1]]);
  });

  it('R2.5 a record that comes back under its id goes on behind what the history says last', async () => {
    const id = await insert();
    await sql('delete from records where id = $1', [id]);
    const { vorgangsnummer, ibe } = sampleRow(number);
    await sql(
      `insert into records (id, workspace_id, vorgangsnummer, ibe) overriding system value values ($1, $2, $3, $4)`,
      [id, workspace, vorgangsnummer, ibe],
    );
    expect(await steps(id)).toEqual([
      ['insert', 1],
      ['delete', 2],
      ['insert', 3],
    ]);
    expect(await record(id)).toMatchObject({ version: 3 });
  });

  it('R3.4 R5.5 TRUNCATE is refused, and nobody rewrites the audit trail', async () => {
    const id = await insert();
    expect(await stateOf(sql('truncate records'))).toBe(FEATURE_NOT_SUPPORTED);
    expect(await stateOf(sql('truncate changes'))).toBe(FEATURE_NOT_SUPPORTED);
    for (const statement of [`update changes set actor = 'user:nobody'`, 'delete from changes'])
      expect(await stateOf(sql(`${statement} where record_id = $1`, [id]))).toBe(INSUFFICIENT_PRIVILEGE);
  });

  it('R5.1 no change is written twice after all triggers were disabled and enabled again, and migrating sets them right', async () => {
    const id = await insert();
    await sql('alter table records disable trigger all');
    await sql('alter table records enable trigger all');
    await runSql(database.ownerUrl, `update records set note = 'ordinary' where id = $1`, [id]);
    expect(await steps(id)).toEqual([
      ['insert', 1],
      ['update', 2],
    ]);
    // What `migrateDatabase` ends with.
    await sql('select meldesync_enable_triggers()');
    expect(await sql('select * from meldesync_changed_triggers()')).toEqual([]);
    await sql(`update records set note = 'replica' where id = $1`, [id]);
    expect((await steps(id)).at(-1)).toEqual(['update', 3]);
  });

  it('R5.1 an empty search_path, as pg_restore has it, stops no write', async () => {
    const id = await insert();
    await sql(`set search_path = ''`);
    await sql(`update public.records set note = 'restored' where id = $1`, [id]);
    await sql('reset search_path');
    expect(await steps(id)).toEqual([
      ['insert', 1],
      ['update', 2],
    ]);
  });
});
