import { createTestDatabase, runSql, sampleMeldebestaetigung, type TestDatabase } from '@meldesync/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let database: TestDatabase;
let workspace: string;

beforeAll(async () => {
  database = await createTestDatabase();
  const [added] = await sql(`insert into workspaces (name) values ('A') returning id`);
  workspace = String(added?.['id']);
});
afterAll(() => database[Symbol.asyncDispose]());

const sql = (text: string, values: unknown[] = []) => database.sql(text, values);
const asWorker = (text: string, values: unknown[] = []) => runSql(database.urlAs('worker'), text, values);
const newRun = async (isDry = false): Promise<number> => {
  const [row] = await sql(
    `insert into retention_runs (asked_by, is_dry_run, started_at) values ('system', $1, now()) returning id`,
    [isDry],
  );
  return Number(row?.['id']);
};
const sealAll = async (): Promise<void> => {
  for (let tries = 0; tries < 500; tries++) {
    await sql('select * from meldesync_seal()');
    const [left] = await sql(
      `select (select count(*) from changes c where not exists (select from audit_leaves where source = 'c' and entry = c.id))
         + (select count(*) from events e where not exists (select from audit_leaves where source = 'e' and entry = e.id)) as count`,
    );
    if (Number(left?.['count']) === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('something stays unsealed');
};
/** A record that was made and deleted so many days ago, as the trail would have it. */
const deletedRecord = async (n: number, daysAgo: number): Promise<number> => {
  const { vorgangsnummer, ibe } = sampleMeldebestaetigung(n);
  const content = JSON.stringify({ vorgangsnummer, ibe, caseId: `F-${n}`, done: false, assignee: null, note: null });
  const record = 1_000_000 + n;
  await sql(
    `insert into changes (workspace_id, record_id, version, op, before, after, actor, via, at)
     values ($1, $2, 1, 'insert', '{}', $3, 'user:anna', 'web', now() - make_interval(days => $4 + 1)),
       ($1, $2, 2, 'delete', $3, '{}', 'user:anna', 'web', now() - make_interval(days => $4))`,
    [workspace, record, content, daysAgo],
  );
  return record;
};
const idsOf = async (record: number): Promise<string[]> =>
  (await sql('select id::text as id from changes where record_id = $1 order by version', [record])).map(({ id }) =>
    String(id),
  );
const rootOf = async (column: 'cut' | 'erased', event: unknown) => {
  const [row] = await sql(
    `select count(*)::int as count, encode(meldesync_tree_root(array_agg(leaf order by seal, position)), 'hex') as root
     from audit_leaves where ${column} = $1`,
    [event],
  );
  return row;
};

describe('R5.5 a cut', () => {
  it('takes changes of a record that was deleted long ago, and leaves what proves that they were there', async () => {
    const record = await deletedRecord(1, 4_000);
    await sealAll();
    const run = await newRun();
    await asWorker('select meldesync_cut_changes($1, $2, $3)', [run, await idsOf(record), 'changes-1.jsonl']);
    expect(await idsOf(record)).toEqual([]);
    const [told] = await sql(`select id, after from events where subject = $1`, [`retention:${run}`]);
    expect(told?.['after']).toMatchObject({
      of: 'changes',
      count: 2,
      archive: 'changes-1.jsonl',
      leaves: await rootOf('cut', told?.['id']),
    });
    // Whoever comes back under its id goes on from its last version.
    expect(await sql('select meldesync_next_version($1) as version', [record])).toEqual([{ version: 3 }]);
    expect(await sql('select * from meldesync_differences(0, 9007199254740991)')).toEqual([]);
  });

  it('takes nothing that is not sealed, of a record that is there, or was until lately', async () => {
    const run = await newRun();
    const cut = async (record: number, entries?: string[]) =>
      asWorker('select meldesync_cut_changes($1, $2, null)', [run, entries ?? (await idsOf(record))]);
    const lately = await deletedRecord(2, 3);
    const { vorgangsnummer, ibe } = sampleMeldebestaetigung(3);
    const [there] = await sql(
      'insert into records (workspace_id, vorgangsnummer, ibe) values ($1, $2, $3) returning id',
      [workspace, vorgangsnummer, ibe],
    );
    await sealAll();
    await expect(cut(lately)).rejects.toMatchObject({ code: '55000' });
    await expect(cut(Number(there?.['id']))).rejects.toMatchObject({ code: '55000' });
    const fresh = await deletedRecord(4, 4_000);
    await expect(cut(fresh)).rejects.toMatchObject({ code: '55000' });
    await sealAll();
    // The last word of a record is the last to go.
    const [, last] = await idsOf(fresh);
    await expect(cut(fresh, [String(last)])).rejects.toMatchObject({ code: '55000' });
    // Nor in a run that is none.
    await expect(
      asWorker('select meldesync_cut_changes($1, $2, null)', [999, await idsOf(fresh)]),
    ).rejects.toMatchObject({
      code: '55000',
    });
    const dry = await newRun(true);
    await expect(
      asWorker('select meldesync_cut_changes($1, $2, null)', [dry, await idsOf(fresh)]),
    ).rejects.toMatchObject({
      code: '55000',
    });
    expect(await idsOf(fresh)).toHaveLength(2);
  });

  it('takes a month of events as one, but for those that tell of what is gone', async () => {
    await sql(`select meldesync_events_partitions('2020-03-01')`);
    await sql(
      `insert into events (at, kind, actor) select '2020-03-05'::timestamptz + make_interval(mins => n), 'sign-in', 'user:anna'
       from generate_series(1, 50) n`,
    );
    await sql(`insert into events (at, kind, actor, after) values ('2020-03-20', 'retention-ran', 'system', '{}')`);
    await sealAll();
    const run = await newRun();
    await expect(asWorker(`select meldesync_cut_events($1, '2020-03-01', 49, 'x')`, [run])).rejects.toMatchObject({
      code: '55000',
    });
    await asWorker(`select meldesync_cut_events($1, '2020-03-01', 50, 'events-2020-03.jsonl')`, [run]);
    expect(await sql(`select kind from events where at < '2020-04-01'`)).toEqual([{ kind: 'retention-ran' }]);
    const [told] = await sql(`select id, after from events where subject = $1`, [`retention:${run}`]);
    expect(told?.['after']).toMatchObject({
      of: 'events',
      month: '2020-03',
      leaves: await rootOf('cut', told?.['id']),
    });
    expect(await rootOf('cut', told?.['id'])).toMatchObject({ count: 50 });
    await expect(sql(`delete from events where at < '2020-04-01'`)).rejects.toMatchObject({ code: '42501' });
    expect(await sql('select * from meldesync_changed_tables()')).toEqual([]);
    const month = new Date().toISOString().slice(0, 7);
    await expect(asWorker(`select meldesync_cut_events($1, $2, 1, 'x')`, [run, `${month}-01`])).rejects.toMatchObject({
      code: '55000',
    });
  });

  it('takes rows of imports by months, answers to edits and settled conflicts by batches', async () => {
    const [added] = await sql(
      `insert into imports (workspace_id, filename, size_bytes, created_by, status) values ($1, 'a.csv', 1, 'anna', 'finished') returning id`,
      [workspace],
    );
    await sql(`select meldesync_import_rows_partitions('2020-03-01')`);
    await sql(
      `insert into import_rows (import_id, line, outcome, findings, at) values ($1, 1, 'warned', '[]', '2020-03-07'), ($1, 2, 'warned', '[]', now())`,
      [added?.['id']],
    );
    const run = await newRun();
    await asWorker(`select meldesync_cut_import_rows($1, '2020-03-01')`, [run]);
    expect(await sql('select line from import_rows')).toEqual([{ line: 2 }]);

    await sql(
      `insert into edit_operations (workspace_id, operation, user_id, items, outcomes, at)
       select $1, 'operation-' || n, 'anna', '[]', '[]', now() - make_interval(days => n) from generate_series(1, 40) n`,
      [workspace],
    );
    await asWorker(`select meldesync_cut_operations($1, now(), 1000)`, [run]);
    // Not those that somebody may try again, whatever is asked for.
    expect(await sql('select count(*)::int as count from edit_operations')).toEqual([{ count: 7 }]);

    await sql(
      `with ids as (select n, gen_random_uuid() as id from generate_series(1, 4) n)
       insert into conflicts (id, workspace_id, record_id, user_id, via, operation, base_version, current_version, fields, overlapping, at,
         resolution, resolved_by, resolved_at, superseded_by)
       select id, $1, 1, 'anna', 'web', 'operation-1', 1, 2, '[]', true, now() - make_interval(days => 100 - n),
         case n when 4 then null when 1 then 'superseded' else 'dropped' end, case when n < 4 then 'anna' end, case when n < 4 then now() end,
         case n when 1 then (select id from ids where n = 2) end
       from ids`,
      [workspace],
    );
    for (const left of [3, 2, 1, 1]) {
      await asWorker(`select meldesync_cut_conflicts($1, now(), 1)`, [run]);
      expect(await sql('select count(*)::int as count from conflicts')).toEqual([{ count: left }]);
    }
    expect(await sql('select resolution from conflicts')).toEqual([{ resolution: null }]);
    const told = await sql(
      `select after ->> 'of' as of, (after ->> 'count')::int as count from events where subject = $1 order by id`,
      [`retention:${run}`],
    );
    expect(told).toEqual([
      { of: 'import-rows', count: 1 },
      { of: 'operations', count: 33 },
      { of: 'conflicts', count: 1 },
      { of: 'conflicts', count: 1 },
      { of: 'conflicts', count: 1 },
    ]);
  });
});
