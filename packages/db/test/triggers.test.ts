import { BLANK_CONTENT } from '@meldesync/domain';
import { createTestDatabase, runSql, sampleMeldebestaetigung, type TestDatabase } from '@meldesync/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

let database: TestDatabase;
let workspace: string;
let number = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  const [row] = await sql(`insert into workspaces (name) values ('Testklinik') returning id`);
  workspace = String(row?.['id']);
});
afterAll(() => database[Symbol.asyncDispose]());

function sql(text: string, values: unknown[] = []) {
  return database.sql(text, values);
}

function asApplication(text: string, values: unknown[] = []) {
  return runSql(database.appUrl, text, values);
}

/** Inserts a sample record and returns its id. */
async function insert(columns: Record<string, unknown> = {}): Promise<number> {
  number += 1;
  const row = { workspace_id: workspace, ...sampleRow(number), ...columns };
  const names = Object.keys(row);
  const [inserted] = await sql(
    `insert into records (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')})
     returning id`,
    Object.values(row),
  );
  return Number(inserted?.['id']);
}

function sampleRow(of: number) {
  const { vorgangsnummer, ibe } = sampleMeldebestaetigung(of);
  return { vorgangsnummer, ibe };
}

async function record(id: number) {
  const [row] = await sql('select * from records where id = $1', [id]);
  return row;
}

async function changesOf(id: number) {
  return sql(`select version, op, before, after, actor, via, operation from changes where record_id = $1 order by id`, [
    id,
  ]);
}

/** SQLSTATE of what a statement fails with. */
async function stateOf(statement: Promise<unknown>): Promise<unknown> {
  return statement.then(
    () => 'succeeded',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );
}

const CHECK_VIOLATION = '23514';
const INSUFFICIENT_PRIVILEGE = '42501';
const FEATURE_NOT_SUPPORTED = '0A000';

describe('records', () => {
  it('R2.5 version, time and actor are those of the trigger, whatever a statement says', async () => {
    const id = await insert({
      version: 99,
      updated_by: 'user:somebody',
      updated_at: '2000-01-01',
      created_at: '2000-01-01',
    });
    expect(await record(id)).toMatchObject({ version: 1, updated_by: 'db:postgres' });
    await sql(
      `update records set note = 'a', version = 1, updated_by = 'user:somebody', updated_at = '2000-01-01',
         created_at = '2000-01-01' where id = $1`,
      [id],
    );
    const updated = await record(id);
    expect(updated).toMatchObject({ version: 2, updated_by: 'db:postgres' });
    for (const time of ['updated_at', 'created_at']) {
      expect(new Date(String(updated?.[time])).getUTCFullYear()).toBeGreaterThan(2000);
    }
    await sql('update records set version = 50 where id = $1', [id]);
    expect(await record(id)).toMatchObject({ version: 2 });
  });

  it('R5.1 an update that changes nothing keeps the version and leaves no change', async () => {
    const id = await insert({ note: 'a' });
    const before = await record(id);
    await sql(`update records set note = 'a', done = false where id = $1`, [id]);
    expect(await record(id)).toEqual(before);
    expect(await changesOf(id)).toHaveLength(1);
  });

  it.each([
    ['vorgangsnummer', 'f'.repeat(64)],
    ['workspace_id', '00000000-0000-4000-8000-000000000000'],
  ])('R2.4 %s never changes', async (column, value) => {
    const id = await insert();
    expect(await stateOf(sql(`update records set ${column} = $1 where id = $2`, [value, id]))).toBe(CHECK_VIOLATION);
    expect(await record(id)).toMatchObject({ version: 1 });
  });

  it('R2.4 the same Vorgangsnummer in another case is the same record', async () => {
    const { vorgangsnummer } = sampleRow(number + 1);
    const id = await insert({ vorgangsnummer: vorgangsnummer.toUpperCase() });
    expect(await record(id)).toMatchObject({ vorgangsnummer });
    expect(await stateOf(insert({ vorgangsnummer: vorgangsnummer.toUpperCase() }))).toBe('23505');
  });

  it.each([
    ['no segment', 'IBE'],
    ['a code too short', 'IBE+ABC+ABC&20260122005&260530103&KDKK00001&0&O&9&1&C&3&1+9+aa'],
    ['an upper-case hash', (ibe: string) => ibe.slice(0, -64) + ibe.slice(-64).toUpperCase()],
    ['an apostrophe in the hash string', (ibe: string) => ibe.replace('&R&', "&'&")],
    ['a second line', (ibe: string) => `${ibe}\n`],
  ])('R2.4 refuses a segment that is broken: %s', async (_, broken) => {
    const { ibe } = sampleRow(number + 1);
    const value = typeof broken === 'string' ? broken : broken(ibe);
    expect(value).not.toBe(ibe);
    // A generated column may stumble over it before the constraint does.
    expect(['23514', '22007', '22008', '22P02']).toContain(await stateOf(insert({ ibe: value })));
  });

  it('R2.4 refuses a date that no calendar has', async () => {
    const { ibe } = sampleRow(number + 1);
    const impossible = ibe.replace(/&2026\d{4}/, '&20260231');
    expect(await stateOf(insert({ ibe: impossible }))).toBe('22008');
  });

  it.each([
    ['case_id', 65],
    ['assignee', 65],
    ['note', 2_001],
  ])('R2.4 refuses a %s of %i characters', async (column, length) => {
    expect(await stateOf(insert({ [column]: 'x'.repeat(length) }))).toBe(CHECK_VIOLATION);
    await expect(insert({ [column]: 'x'.repeat(length - 1) })).resolves.toBeGreaterThan(0);
  });

  it('the columns that can be queried follow the segment', async () => {
    const { ibe } = sampleMeldebestaetigung(900, { artDerDaten: 'G', typ: 3, qualitaetskontrolle: 0, indikation: 'H' });
    const id = await insert({ ibe });
    expect(await record(id)).toMatchObject({
      code: ibe.split('+')[1],
      datenknoten_id: 'GRZK00001',
      typ: 3,
      indikation: 'H',
      art_der_daten: 'G',
      art_der_sequenzierung: 2,
      qualitaetskontrolle: 0,
    });
  });

  it('R3.4 TRUNCATE is refused, also by way of another table', async () => {
    expect(await stateOf(sql('truncate records'))).toBe(FEATURE_NOT_SUPPORTED);
    expect(await stateOf(sql('truncate changes'))).toBe(FEATURE_NOT_SUPPORTED);
    expect(await stateOf(sql('truncate workspaces cascade'))).toBe(FEATURE_NOT_SUPPORTED);
  });
});

describe('changes', () => {
  it('R5.1 an insert leaves all fields, an update the changed ones before and after', async () => {
    const id = await insert({ case_id: 'F-1' });
    const { vorgangsnummer, ibe } = sampleRow(number);
    await sql(`update records set note = 'a', done = true, case_id = null where id = $1`, [id]);
    expect(await changesOf(id)).toEqual([
      {
        version: 1,
        op: 'insert',
        before: {},
        after: { vorgangsnummer, ibe, ...BLANK_CONTENT, caseId: 'F-1' },
        actor: 'db:postgres',
        via: 'sql',
        operation: null,
      },
      {
        version: 2,
        op: 'update',
        before: { note: null, done: false, caseId: 'F-1' },
        after: { note: 'a', done: true, caseId: null },
        actor: 'db:postgres',
        via: 'sql',
        operation: null,
      },
    ]);
  });

  it('R5.1 a delete leaves the last state and a version of its own', async () => {
    const id = await insert({ note: 'a' });
    const { vorgangsnummer, ibe } = sampleRow(number);
    await sql('delete from records where id = $1', [id]);
    expect((await changesOf(id)).at(-1)).toEqual({
      version: 2,
      op: 'delete',
      before: { vorgangsnummer, ibe, ...BLANK_CONTENT, note: 'a' },
      after: {},
      actor: 'db:postgres',
      via: 'sql',
      operation: null,
    });
  });

  it('R2.5 a deleted record cannot come back under its id: versions never begin again', async () => {
    const id = await insert();
    await sql('delete from records where id = $1', [id]);
    const { vorgangsnummer, ibe } = sampleRow(number);
    const again = sql(
      'insert into records (id, workspace_id, vorgangsnummer, ibe) overriding system value values ($1, $2, $3, $4)',
      [id, workspace, vorgangsnummer, ibe],
    );
    expect(await stateOf(again)).toBe('23505');
  });

  it('R3.5 a bulk update leaves one change for each record that changed', async () => {
    const ids = [await insert(), await insert({ note: 'bulk' }), await insert()];
    await sql(`update records set note = 'bulk' where id = any($1)`, [ids]);
    const rows = await sql(`select record_id, version, txid from changes where record_id = any($1) and op = 'update'`, [
      ids,
    ]);
    expect(new Set(rows.map((row) => row['txid'])).size).toBe(1);
    expect(rows.map((row) => Number(row['record_id'])).toSorted((a, b) => a - b)).toEqual([ids[0], ids[2]]);
    expect(rows.every((row) => row['version'] === 2)).toBe(true);
  });

  it('R3.5 an upsert leaves an insert for the new record, an update for the changed one, nothing for the rest', async () => {
    const changed = await insert();
    const { vorgangsnummer: ofChanged } = sampleRow(number);
    const same = await insert();
    const { vorgangsnummer: ofSame, ibe: sameIbe } = sampleRow(number);
    number += 1;
    const fresh = sampleRow(number);
    const corrected = sampleMeldebestaetigung(number + 1_000).ibe;
    await sql(
      `insert into records (workspace_id, vorgangsnummer, ibe)
       select $1, v, i from unnest($2::text[], $3::text[]) as row(v, i)
       on conflict (workspace_id, vorgangsnummer) do update set ibe = excluded.ibe`,
      [workspace, [ofChanged, ofSame, fresh.vorgangsnummer], [corrected, sameIbe, fresh.ibe]],
    );
    expect((await changesOf(changed)).map((row) => [row['op'], row['version']])).toEqual([
      ['insert', 1],
      ['update', 2],
    ]);
    expect((await changesOf(changed)).at(-1)?.['after']).toEqual({ ibe: corrected });
    expect(await changesOf(same)).toHaveLength(1);
    const [created] = await sql('select id, version from records where vorgangsnummer = $1', [fresh.vorgangsnummer]);
    expect(created?.['version']).toBe(1);
    expect((await changesOf(Number(created?.['id']))).map((row) => row['op'])).toEqual(['insert']);
  });

  it('R5.1 several updates of one record in a transaction leave a change each', async () => {
    const id = await insert();
    await sql(`do $$ begin
      update records set note = 'a' where id = ${id};
      update records set note = 'b' where id = ${id};
    end $$`);
    expect((await changesOf(id)).map((row) => row['version'])).toEqual([1, 2, 3]);
  });
});

describe('the audit trail is append-only', () => {
  let id: number;
  beforeEach(async () => {
    id = await insert();
  });

  it.each([
    [
      'INSERT',
      `insert into changes (workspace_id, record_id, version, op, before, after, actor, via, at)
       select workspace_id, id, 99, 'update', '{}', '{}', 'user:nobody', 'web', now() from records limit 1`,
    ],
    ['UPDATE', `update changes set actor = 'user:nobody'`],
    ['DELETE', `delete from changes`],
    ['TRUNCATE', `truncate changes`],
  ])('R5.5 the application may not %s', async (_, statement) => {
    expect(await stateOf(asApplication(statement))).toBe(INSUFFICIENT_PRIVILEGE);
  });

  it.each(['feed_state', 'feed_positions'])('the application may not write %s', async (table) => {
    expect(await stateOf(asApplication(`delete from ${table}`))).toBe(INSUFFICIENT_PRIVILEGE);
  });

  it('R5.5 the owner rewrites no column of it, of those that come later either', async () => {
    const columns = await runSql(
      database.ownerUrl,
      `select column_name as name from information_schema.columns where table_name = 'changes' and column_name <> 'id'`,
    );
    expect(columns.length).toBeGreaterThan(10);
    for (const { name } of columns) {
      const rewritten = runSql(database.ownerUrl, `update changes set ${String(name)} = ${String(name)}`);
      await expect(rewritten, String(name)).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('R5.5 not even the owner rewrites it', async () => {
    for (const statement of [`update changes set actor = 'user:nobody'`, 'delete from changes']) {
      expect(await stateOf(sql(`${statement} where record_id = $1`, [id]))).toBe(INSUFFICIENT_PRIVILEGE);
    }
  });

  it('R3.4 R5.1 an edit past the program leaves a change of the role that made it', async () => {
    await asApplication(`update records set note = 'by hand' where id = $1`, [id]);
    expect((await changesOf(id)).at(-1)).toMatchObject({ actor: 'db:meldesync_app', via: 'sql', operation: null });
    expect(await record(id)).toMatchObject({ updated_by: 'db:meldesync_app', version: 2 });
  });
});
