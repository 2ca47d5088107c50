import { fileURLToPath } from 'node:url';
import { createTestDatabase, freePort, runSql, type TestDatabase } from '@meldesync/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateDatabase, requirePostgres } from '../src/index.ts';
import { judgePostgres } from '../src/require-postgres.ts';
import { OLDEST_AT_WORK } from '../src/schema-state.ts';

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database[Symbol.asyncDispose]());

it('a Postgres of a supported version with a logical log is taken', async () => {
  expect(await requirePostgres({ url: database.ownerUrl, logicalLog: true })).toBeUndefined();
});

it('one that is too old is refused with the version found and the one wanted', async () => {
  const [row] = await runSql(database.ownerUrl, 'show server_version');
  const [found] = String(row?.['server_version']).split(' ');
  await expect(requirePostgres({ url: database.ownerUrl, logicalLog: false, oldest: '99.1' })).rejects.toThrow(
    `PostgreSQL at ${new URL(database.ownerUrl).host} is ${found}, and MeldeSync needs 99.1 or newer`,
  );
});

it('one that is away is no reason not to start', async () => {
  const url = `postgresql://postgres@127.0.0.1:${await freePort()}/meldesync`;
  expect(await requirePostgres({ url, logicalLog: true })).toBeInstanceOf(Error);
});

it('an address that names a certificate which cannot be read is refused', async () => {
  const url = `${database.ownerUrl}?sslrootcert=/nowhere/ca.pem`;
  await expect(requirePostgres({ url, logicalLog: false })).rejects.toThrow(
    'DATABASE_URL names a file that cannot be read: /nowhere/ca.pem (ENOENT)',
  );
});

it('one whose log nobody can follow is refused by what follows it, and taken by the others', () => {
  const facts = { version: '18.1', walLevel: 'replica' };
  const url = 'postgresql://db:5432/meldesync';
  expect(() => judgePostgres(facts, { url, logicalLog: true })).toThrow(
    'PostgreSQL at db:5432 has wal_level=replica, and MeldeSync needs wal_level=logical',
  );
  expect(() => judgePostgres(facts, { url, logicalLog: false })).not.toThrow();
});

describe('of the tables', () => {
  const ask = (url: string, user: 'node' | 'relay' | 'worker' = 'node') => {
    const notes: string[] = [];
    const asked = requirePostgres({ url, logicalLog: false, user, onNote: (note) => notes.push(note) });
    return asked.then((error) => ({ error, notes }));
  };
  const newest = (difference: number) =>
    runSql(
      database.ownerUrl,
      `update drizzle.__drizzle_migrations set created_at = created_at + $1
       where created_at = (select max(created_at) from drizzle.__drizzle_migrations)`,
      [difference],
    );

  it.each(['node', 'relay', 'worker'] as const)('those of this release are taken by a %s', async (user) => {
    const url = database.urlAs(user === 'node' ? 'app' : user);
    expect(await ask(url, user)).toEqual({ error: undefined, notes: [] });
    expect(await ask(database.ownerUrl, user)).toEqual({ error: undefined, notes: [] });
  });

  it('of an older release are refused, and a newer one is noted', async () => {
    await newest(-1);
    await expect(ask(database.appUrl)).rejects.toThrow(/^the database .* is of an older release.*dist\/migrate\.js/);
    await newest(2);
    const { error, notes } = await ask(database.appUrl);
    expect(error).toBeUndefined();
    expect(notes).toEqual([expect.stringMatching(/^the database .* is of a newer release than this process/)]);
    await newest(-1);
  });

  it('that are two releases ahead are refused in a line, and migrating by this one changes nothing of that', async () => {
    const oldest = (expression: string) =>
      runSql(database.ownerUrl, `update drizzle.meldesync_oldest_at_work set migration = ${expression}`);
    await newest(2);
    await oldest('(select max(created_at) - 1 from drizzle.__drizzle_migrations)');
    for (const user of ['node', 'relay', 'worker'] as const)
      await expect(ask(database.urlAs(user === 'node' ? 'app' : user), user)).rejects.toThrow(
        /^the database .* is of a release that this process \(\d{4}_\w+\) does not work with: .* one release apart; update this one$/,
      );
    await migrateDatabase({ ownerUrl: database.ownerUrl, folder: MIGRATIONS, passwords: { app: 'test-role' } });
    await expect(ask(database.appUrl)).rejects.toThrow('does not work with');
    await newest(-2);
    await oldest('0');
    await migrateDatabase({ ownerUrl: database.ownerUrl, folder: MIGRATIONS, passwords: { app: 'test-role' } });
    const [{ migration } = {}] = await runSql(
      database.ownerUrl,
      'select migration from drizzle.meldesync_oldest_at_work',
    );
    expect(Number(migration)).toBe(OLDEST_AT_WORK.when);
  });

  it('that an older release has migrated, which let nobody see it, are refused', async () => {
    const change = (how: string) => runSql(database.ownerUrl, `${how} meldesync_app`);
    await change('revoke usage on schema drizzle from');
    await expect(ask(database.appUrl)).rejects.toThrow(/was migrated by an older release; migrate it/);
    await change('grant usage on schema drizzle to');
    expect(await ask(database.appUrl)).toEqual({ error: undefined, notes: [] });
  });

  it('a role of another process, and one whose rights were taken, are told what is lacking', async () => {
    await expect(ask(database.urlAs('worker'))).rejects.toThrow(
      /^the role meldesync_worker lacks rights in the database .* \(insert on public\.edit_operations\); see whose name is in DATABASE_URL/,
    );
    await expect(ask(database.appUrl, 'worker')).rejects.toThrow(
      /^the role meldesync_app lacks rights in the database .* \(insert on public\.import_rows\); see whose name is in DATABASE_URL/,
    );
    const asAccounts = { logicalLog: false, user: 'accounts', setting: 'AUTH_DATABASE_URL' } as const;
    expect(await requirePostgres({ ...asAccounts, url: database.authUrl })).toBeUndefined();
    await expect(requirePostgres({ ...asAccounts, url: database.appUrl })).rejects.toThrow(
      /^the role meldesync_app lacks rights .* \(insert on auth\.session, insert on public\.members\); see whose name is in AUTH_DATABASE_URL/,
    );
    await runSql(database.ownerUrl, 'revoke insert on events from meldesync_app');
    await expect(ask(database.appUrl)).rejects.toThrow('(insert on public.events)');
    await runSql(database.ownerUrl, 'grant insert on events to meldesync_app');
  });

  it('that leave the nodes’ role what only the release before needs are noted', async () => {
    const wide: string[] = [];
    const look = () =>
      requirePostgres({
        url: database.appUrl,
        logicalLog: false,
        user: 'node',
        onWideRights: (reason) => wide.push(reason),
      });
    await look();
    expect(wide).toEqual([]);
    await runSql(database.ownerUrl, 'select meldesync_widen_app()');
    await look();
    await runSql(database.ownerUrl, 'select meldesync_narrow_app()');
    expect(wide).toEqual([expect.stringMatching(/^the role meldesync_app may still read how people sign in/)]);
  });

  it('a database without any is refused', async () => {
    const url = new URL(database.ownerUrl);
    url.pathname = '/template1';
    await expect(ask(url.href)).rejects.toThrow(/has no tables of MeldeSync; see its name in DATABASE_URL/);
  });

  it.each([
    [
      'a wrong password',
      (url: URL) => (url.password = 'hidden'),
      /^PostgreSQL refuses the sign-in of meldesync_app to .* \(28P01\)/,
    ],
    [
      'a database that is not there',
      (url: URL) => (url.pathname = '/nowhere'),
      /\/nowhere \(3D000\); see role, password/,
    ],
  ])('%s is refused with what to look at, and without the password', async (_name, change, said) => {
    const url = new URL(database.appUrl);
    change(url);
    const error = await ask(url.href).catch((caught: unknown) => (caught as Error).message);
    expect(error).toMatch(said);
    expect(error).not.toMatch(/hidden|test-role/);
  });
});
