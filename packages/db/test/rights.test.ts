import { createTestDatabase, runSql, type TestDatabase } from '@meldesync/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateDatabase, ROLES, type RoleUser } from '../src/index.ts';
import { FORBIDDEN, FUNCTION_RIGHTS, rightsOf, TABLE_RIGHTS } from './declared-rights.ts';
import { type TriedTable, tryStatements, tryTables } from './try-rights.ts';

const USERS = Object.keys(ROLES) as RoleUser[];

let database: TestDatabase;
let tables: readonly TriedTable[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  tables = (await runSql(database.ownerUrl, TABLES)) as unknown as TriedTable[];
});
afterAll(() => database[Symbol.asyncDispose]());

/** All tables but partitions, whose rights are tried below. */
const TABLES = `
  select format('%I.%I', nspname, relname) as name, array_agg(attname::text order by attnum) as columns
  from pg_class join pg_namespace on pg_namespace.oid = relnamespace join pg_attribute on attrelid = pg_class.oid
  where nspname in ('public', 'auth', 'drizzle') and relkind in ('r', 'p') and not relispartition and attnum > 0 and not attisdropped
  group by nspname, relname order by 1`;

describe('R5.1 what a role of the database may', () => {
  it('is declared of every table', () => {
    expect(tables.map(({ name }) => name)).toEqual(Object.keys(TABLE_RIGHTS).toSorted());
  });

  it.each(USERS)('with each table and each column, as %s', async (user) => {
    expect(await tryTables(database.urlAs(user), tables)).toEqual(rightsOf(user));
  });

  it('is nothing with a partition past its table', async () => {
    const partitions = (await runSql(
      database.ownerUrl,
      TABLES.replace('not relispartition', 'relispartition'),
    )) as unknown as TriedTable[];
    expect(partitions.length).toBeGreaterThan(1);
    for (const user of USERS) expect(await tryTables(database.urlAs(user), partitions)).toEqual({});
  });

  it('is to call of the functions that are not everybody’s those that are declared', async () => {
    const found = await runSql(
      database.ownerUrl,
      `select p.oid::regprocedure::text as name,
         array(select rolname::text from pg_roles where rolname = any($1) and has_function_privilege(rolname, p.oid, 'execute') order by 1) as roles
       from pg_proc p where pronamespace = 'public'::regnamespace and not has_function_privilege('public', p.oid, 'execute')
       order by 1`,
      [Object.values(ROLES)],
    );
    const declared = Object.entries(FUNCTION_RIGHTS).map(([name, users]) => ({
      name,
      roles: users.map((user) => ROLES[user]).toSorted(),
    }));
    expect(found).toEqual(declared.toSorted((a, b) => (a.name < b.name ? -1 : 1)));
  });

  it('is everybody’s only where a function works with the rights of who calls it, or a trigger', async () => {
    const found = await runSql(
      database.ownerUrl,
      `select p.oid::regprocedure::text as name from pg_proc p
       where pronamespace = 'public'::regnamespace and prosecdef and prorettype <> 'trigger'::regtype
         and prorettype <> 'event_trigger'::regtype and has_function_privilege('public', p.oid, 'execute') order by 1`,
    );
    // It tells a number of a record whose id one knows.
    expect(found).toEqual([{ name: 'meldesync_next_version(bigint)' }]);
  });

  it.each(USERS)('is nothing that makes or changes what is there, as %s', async (user) => {
    expect(await tryStatements(database.urlAs(user), FORBIDDEN)).toEqual([]);
  });

  it.each(USERS)('is never that of another role, nor of one that may more, as %s', async (user) => {
    const attributes = 'rolsuper or rolcreaterole or rolcreatedb or rolbypassrls';
    const [row] = await runSql(
      database.ownerUrl,
      `select ${attributes} as may, rolreplication as replicates,
         array(select g.rolname::text from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid) as groups
       from pg_roles r where rolname = $1`,
      [ROLES[user]],
    );
    const isRelay = user === 'relay';
    expect(row).toEqual({ may: false, replicates: isRelay, groups: isRelay ? ['pg_read_all_stats'] : [] });
  });
});

it('R5.1 what gets through in a question about records makes nobody an administrator', async () => {
  await runSql(
    database.ownerUrl,
    `insert into auth."user" (id, name, email) values ('eve', 'Eve', 'eve@test.example') on conflict do nothing`,
  );
  const [added] = await runSql(database.ownerUrl, `insert into workspaces (name) values ('A') returning id`);
  const workspace = String(added?.['id']);
  const tries = [
    `insert into members (workspace_id, user_id, role) values ('${workspace}', 'eve', 'admin')`,
    `update auth."user" set is_installation_admin = true where id = 'eve'`,
    `insert into auth.session (id, user_id, token, expires_at) values ('s', 'eve', 't', now() + interval '1 day')`,
    `insert into account_links (kind, secret_hash, expires_at) values ('setup', 'h', now() + interval '1 day')`,
    `insert into invitations (workspace_id, email, role, secret_hash, expires_at) values ('${workspace}', 'eve@test.example', 'admin', 'h', now())`,
    `select password from auth.account`,
    `select token from auth.session`,
    `select secret from auth.two_factor`,
    `select value from auth.verification`,
    `select email from auth."user"`,
    `select meldesync_narrow_app()`,
    `select meldesync_widen_app()`,
    `set role meldesync_auth`,
    `set session authorization meldesync_auth`,
  ];
  for (const user of ['app', 'worker', 'relay'] as const)
    expect(await tryStatements(database.urlAs(user), tries)).toEqual([]);
});

it('an installation of before keeps what its nodes need until it is contracted, and gets it back to go back', async () => {
  const migrate = (rights?: 'narrow' | 'widen') =>
    migrateDatabase({
      ownerUrl: database.ownerUrl,
      folder: new URL('../migrations', import.meta.url).pathname,
      passwords: { app: 'test-role' },
      rights,
    });
  const mayRead = async () =>
    (await tryStatements(database.appUrl, ['select password from auth.account'])).length === 1;
  const before = await tryTables(database.appUrl, tables);
  await migrate('widen');
  expect(await mayRead()).toBe(true);
  await migrate();
  expect(await mayRead()).toBe(true);
  await migrate('narrow');
  expect(await tryTables(database.appUrl, tables)).toEqual(before);
  await migrate();
  expect(await mayRead()).toBe(false);
});
