import { createTestDatabase, runSql, sampleMeldebestaetigung, type TestDatabase } from '@meldesync/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const CASE = 'F-4711';
const OTHER = 'F-4711-2';
const NOTE = 'Zebrafink ruft zurück';

let database: TestDatabase;
let workspace: string;
let records: number[];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const sql = (text: string, values: unknown[] = []) => database.sql(text, values);
const seal = async (): Promise<void> => {
  // Until all is sealed: other tests' transactions may be under way on the same server.
  for (let tries = 0; tries < 500; tries++) {
    const [row] = await sql('select sealed, is_behind from meldesync_seal()');
    if (row && !row['is_behind'] && row['sealed'] === 0) {
      const [left] = await sql(
        `select (select count(*) from changes c where not exists (select from audit_leaves where source = 'c' and entry = c.id))
           + (select count(*) from events e where not exists (select from audit_leaves where source = 'e' and entry = e.id)) as count`,
      );
      if (Number(left?.['count']) === 0) return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('something stays unsealed');
};
/** Erases as a node does. */
const erase = async (caseId = CASE, reason = 'Antrag vom 3. Mai'): Promise<Record<string, number>> => {
  const [row] = await runSql(
    database.authUrl,
    `select meldesync_erase_case($1, $2, 'user:anna', 's', '::1', $3) as erased`,
    [workspace, caseId, reason],
  );
  return row?.['erased'] as Record<string, number>;
};
const number = (record: number) => sampleMeldebestaetigung(record).vorgangsnummer;
const add = async (n: number, caseId: string | null, note: string | null = null): Promise<number> => {
  const { vorgangsnummer, ibe } = sampleMeldebestaetigung(n);
  const [row] = await sql(
    'insert into records (workspace_id, vorgangsnummer, ibe, case_id, note) values ($1, $2, $3, $4, $5) returning id',
    [workspace, vorgangsnummer, ibe, caseId, note],
  );
  return Number(row?.['id']);
};

beforeEach(async () => {
  const [added] = await sql('insert into workspaces (name) values (gen_random_uuid()::text) returning id');
  workspace = String(added?.['id']);
  records = [];
});

/** The tables that hold what a pattern finds. */
async function found(pattern: string): Promise<string[]> {
  const tables = await sql(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname in ('public', 'auth') and c.relname <> 'workspaces' order by 1`,
  );
  const at: string[] = [];
  for (const { name } of tables) {
    const [row] = await sql(`select count(*) as count from ${String(name)} t where t::text ~ $1`, [pattern]);
    if (Number(row?.['count']) > 0) at.push(String(name));
  }
  return at;
}

describe('an erasure', () => {
  it('R5.5 leaves nothing of a case in any table, and the seals as they were', async () => {
    records.push(await add(1, CASE, NOTE), await add(2, CASE), await add(3, OTHER, `siehe ${CASE}, dann ${CASE}.`));
    const gone = await add(4, CASE, NOTE);
    await sql('delete from records where id = $1', [gone]);
    const corrected = await add(5, CASE);
    await sql(`update records set case_id = 'F-9', note = 'richtig' where id = $1`, [corrected]);
    await sql(
      `insert into conflicts (id, workspace_id, record_id, user_id, via, operation, base_version, current_version, fields, overlapping)
       values (gen_random_uuid(), $1, $2, 'ben', 'web', 'operation-1', 1, 2, $3, true)`,
      [workspace, records[0], JSON.stringify([{ field: 'note', base: null, current: NOTE, attempted: 'Storchenruf' }])],
    );
    await sql(
      `insert into edit_operations (workspace_id, operation, user_id, items, outcomes) values ($1, 'operation-1', 'ben', $2, '[]')`,
      [workspace, JSON.stringify([{ record: records[1], baseVersion: 1, set: { note: 'Storchenruf' } }])],
    );
    const [imported] = await sql(
      `insert into imports (workspace_id, filename, size_bytes, created_by, status) values ($1, $2, 3, 'ben', 'queued') returning id`,
      [workspace, `${CASE}.csv`],
    );
    await sql(`insert into import_chunks (import_id, position, bytes) values ($1, 0, $2), ($1, 1, $3)`, [
      imported?.['id'],
      Buffer.from('a;F-4'),
      Buffer.from('711;b'),
    ]);
    await sql(
      `insert into import_rows (import_id, line, outcome, vorgangsnummer, findings) values ($1, 1, 'warned', $2, '[]')`,
      [imported?.['id'], number(2)],
    );
    await sql(`insert into events (kind, actor, workspace_id, after) values ('import-started', 'user:ben', $1, $2)`, [
      workspace,
      JSON.stringify({ filename: `${CASE}.csv` }),
    ]);
    await seal();
    const sealed = await sql('select seal, position, leaf from audit_leaves order by 1, 2');

    const counts = await erase();
    expect(counts).toMatchObject({
      records: 2,
      notes: 1,
      events: 1,
      conflicts: 1,
      operations: 1,
      importRows: 1,
      importFiles: 1,
      importNames: 1,
    });
    // F-4711-2 is another case.
    for (const pattern of [`${CASE}(?!-2)`, NOTE, 'Storchenruf', ...[1, 2, 4].map(number)])
      expect(await found(pattern), pattern).toEqual([]);
    // What was sealed together with its name can no longer be proved, and is gone whole.
    expect(await found(OTHER)).toEqual(['public.records']);
    const kept = await sql('select note, case_id from records where workspace_id = $1 order by id', [workspace]);
    expect(kept).toEqual([
      { note: 'siehe …, dann ….', case_id: OTHER },
      { note: 'richtig', case_id: 'F-9' },
    ]);
    expect((await sql('select seal, position, leaf from audit_leaves order by 1, 2')).slice(0, sealed.length)).toEqual(
      sealed,
    );
    const [told] = await sql(`select after from events where kind = 'case-erased' and workspace_id = $1`, [workspace]);
    const [proved] = await sql(
      `select count(*)::int as count, encode(meldesync_tree_root(array_agg(leaf order by seal, position)), 'hex') as root
       from audit_leaves where erased = $1 and salt is null and content is not null`,
      [counts['event']],
    );
    expect(told?.['after']).toMatchObject({ leaves: proved, reason: 'Antrag vom 3. Mai' });
    // Each that was erased has the leaf that its commitment gives, and whoever is left agrees with its history.
    const [wrong] = await sql(
      `select count(*)::int as count from audit_leaves l join changes c on c.id = l.entry and l.source = 'c'
       where l.leaf <> meldesync_change_leaf(c, coalesce(l.content, sha256(l.salt || meldesync_entry_content(c.before, c.after))))`,
    );
    expect(wrong).toEqual({ count: 0 });
    await seal();
    const [differing] = await sql('select count(*)::int as count from meldesync_differences(0, 9007199254740991, $1)', [
      workspace,
    ]);
    expect(differing).toEqual({ count: 0 });
  });

  it('R5.5 is sealed like everything else, also where it had to seal something first', async () => {
    await seal();
    for (let round = 0; round < 3; round++) {
      await add(20 + round, CASE);
      await new Promise((resolve) => setTimeout(resolve, 20));
      await erase();
      await seal();
    }
    const [row] = await sql(
      `select count(*)::int as count from events e join audit_leaves l on l.source = 'e' and l.entry = e.id
       where e.kind = 'case-erased' and e.workspace_id = $1`,
      [workspace],
    );
    expect(row?.['count']).toBe(3);
  });

  it('of names with signs that patterns know takes those alone', async () => {
    await add(11, 'A.1(2)', 'a');
    await add(12, 'Ax1(2)', 'b');
    await add(13, null, 'A.1(2) und Ax1(2)');
    await seal();
    expect(await erase('A.1(2)')).toMatchObject({ records: 1, notes: 1 });
    const kept = await sql('select note from records where workspace_id = $1 order by id', [workspace]);
    expect(kept).toEqual([{ note: 'b' }, { note: '… und Ax1(2)' }]);
  });

  it('is refused where its reason names the case, and to who is no node', async () => {
    await add(21, CASE);
    await expect(erase(CASE, `Antrag zu ${CASE}`)).rejects.toMatchObject({ code: 'MS001' });
    await expect(
      runSql(database.urlAs('worker'), `select meldesync_erase_case($1, 'F', 'a', 's', '', 'x')`, [workspace]),
    ).rejects.toMatchObject({ code: '42501' });
    const [left] = await sql('select count(*)::int as count from records where workspace_id = $1', [workspace]);
    expect(left).toEqual({ count: 1 });
  });

  it('is no way for others to rewrite the trail', async () => {
    await add(31, CASE);
    for (const role of ['app', 'worker'] as const)
      for (const statement of [
        `set meldesync.cut = 'on'; update changes set actor = 'user:x'`,
        `set meldesync.cut = 'on'; delete from changes`,
        `set meldesync.cut = 'on'; update events set actor = 'x'`,
        `set meldesync.cut = 'on'; update audit_leaves set salt = null`,
      ])
        await expect(runSql(database.urlAs(role), statement)).rejects.toMatchObject({ code: '42501' });
    await expect(sql('update changes set actor = actor')).rejects.toMatchObject({ code: '42501' });
  });
});
