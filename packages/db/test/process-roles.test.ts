import { createTestDatabase, runSql, sampleMeldebestaetigung, type TestDatabase } from '@meldesync/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RoleUser, sqlState } from '../src/index.ts';

let database: TestDatabase;
let workspace: unknown;
beforeAll(async () => {
  database = await createTestDatabase();
  const [added] = await runSql(database.ownerUrl, `insert into workspaces (name) values ('A') returning id`);
  workspace = added?.['id'];
  await runSql(
    database.ownerUrl,
    `insert into auth."user" (id, name, email, email_verified, created_at, updated_at)
     values ('anna', 'Anna', 'anna@test.example', true, now(), now())`,
  );
});
afterAll(() => database[Symbol.asyncDispose]());

/** What a role gets for a statement: how many rows, or that it may not. */
async function as(who: RoleUser, sql: string, values: unknown[] = []): Promise<number | 'denied'> {
  try {
    return (await runSql(database.urlAs(who), sql, values)).length;
  } catch (error) {
    if (sqlState(error) === '42501') return 'denied';
    throw error;
  }
}

const insert = () => {
  const { vorgangsnummer, ibe } = sampleMeldebestaetigung(Math.floor(Math.random() * 1e9));
  return [workspace, vorgangsnummer, ibe];
};
const INSERT = 'insert into records (workspace_id, vorgangsnummer, ibe) values ($1, $2, $3) returning id';

describe('R5.1 a role of the database', () => {
  it.each<[RoleUser, string]>([
    ['worker', 'select 1 from auth.session'],
    ['worker', 'select 1 from auth.account'],
    ['worker', 'select 1 from auth."user"'],
    ['worker', 'update changes set actor = actor'],
    ['worker', 'select 1 from conflicts'],
    ['worker', 'delete from records'],
    ['worker', 'update workspaces set name = name'],
    ['worker', 'update feed_state set epoch = epoch'],
    ['worker', 'insert into changes default values'],
    ['worker', `select pg_create_logical_replication_slot('mine', 'pgoutput')`],
    ['relay', 'select note from records'],
    ['relay', 'select before from changes'],
    ['relay', 'update records set note = null'],
    ['relay', 'select 1 from auth."user"'],
    ['relay', 'select 1 from imports'],
    ['auditor', 'select 1 from auth.session'],
    ['auditor', 'select password from auth.account'],
    ['auditor', 'update records set note = null'],
    ['auditor', 'delete from changes'],
    ['auditor', 'select 1 from import_chunks'],
    ['app', 'insert into changes default values'],
    ['app', 'update feed_state set epoch = epoch'],
    ['app', 'update events set kind = kind'],
    ['app', 'delete from events'],
    ['app', 'truncate events'],
    ['app', 'delete from invitations'],
    ['worker', 'select 1 from events'],
    ['worker', 'select 1 from invitations'],
    ['worker', 'select 1 from edit_operations'],
    ['worker', 'update audit_leaves set salt = null'],
    ['worker', 'delete from import_rows'],
    ['worker', `select meldesync_erase_case(gen_random_uuid(), 'F', 'a', 's', '', 'x')`],
    ['app', 'delete from import_rows'],
    ['app', 'update erasures set records = array[1]'],
    ['auditor', `select * from meldesync_events_to_cut(current_date, 0, 1)`],
    ['auditor', 'select 1 from invitations'],
    ['auditor', 'select 1 from account_links'],
    ['auditor', 'select 1 from auth.two_factor'],
  ])('%s may not %s', async (who, sql) => {
    expect(await as(who, sql)).toBe('denied');
  });

  it('of a worker writes records in the name of who uploaded them, and in no other way', async () => {
    const named = (via: string) => `with named as materialized (
        select set_config('meldesync.actor', 'user:anna', true), set_config('meldesync.via', '${via}', true))
      insert into records (workspace_id, vorgangsnummer, ibe) select $1, $2, $3 from named returning id`;
    expect(await as('worker', named('import'), insert())).toBe(1);
    expect(await as('worker', named('web'), insert())).toBe(1);
    expect(await as('worker', INSERT, insert())).toBe(1);
    const changes = await runSql(database.ownerUrl, 'select actor, via from changes order by id');
    expect(changes).toEqual([
      { actor: 'user:anna', via: 'import' },
      { actor: 'db:meldesync_worker', via: 'sql' },
      { actor: 'db:meldesync_worker', via: 'sql' },
    ]);
  });

  it('of an auditor reads who did what, when, and what it was before', async () => {
    const read = `select c.at, c.before, c.after, u.name from changes c left join auth."user" u on 'user:' || u.id = c.actor`;
    expect(await as('auditor', read)).toBeGreaterThan(0);
    expect(await as('auditor', 'select 1 from records')).toBeGreaterThan(0);
  });

  it('of a relay makes checksums and keeps where the feed stands', async () => {
    expect(await as('relay', 'select meldesync_checksum($1)', [workspace])).toBe(1);
    expect(await as('relay', 'select 1 from feed_positions')).toBe(0);
  });
});
