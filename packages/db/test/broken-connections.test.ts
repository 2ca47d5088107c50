import { spawnSync } from 'node:child_process';
import { eventually } from '@meldesync/testkit';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { connectDatabase, type Database, isOutage, listenForAccessChanges } from '../src/index.ts';
import { createEditSetup, type EditSetup } from './edit-setup.ts';

let setup: EditSetup;
let database: Database;
let broken: Error[];
beforeAll(async () => {
  setup = await createEditSetup();
});
afterAll(() => setup[Symbol.asyncDispose]());
beforeEach(() => {
  broken = [];
  database = connectDatabase({
    url: setup.appUrl,
    maxConnections: 1,
    applicationName: 'test-broken',
    onConnectionError: (error) => broken.push(error),
  });
});
afterEach(() => database[Symbol.asyncDispose]());

/** What a failover does to the connections of a program. */
const TERMINATE = (name: string) =>
  `select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = '${name}'`;

/** Ends them without this process hearing of it before it goes on. */
function terminateUnheard(name: string): void {
  const program = `
    const client = new (await import('pg')).default.Client({ connectionString: process.env.URL });
    await client.connect();
    await client.query(process.env.STATEMENT);
    await client.end();`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, URL: setup.ownerUrl, STATEMENT: TERMINATE(name) },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'succeeded',
    (error: unknown) => error,
  );

it('R1.5 a connection that breaks between two statements of a transaction fails that transaction alone', async () => {
  const failure = await failureOf(
    database.drizzle.transaction(async (tx) => {
      await tx.execute(sql`select 1`);
      await setup.sql(TERMINATE('test-broken'));
      await eventually(() => expect(broken).not.toEqual([]));
      await tx.execute(sql`select 2`);
    }),
  );
  expect(isOutage(failure)).toBe(true);
  expect((await database.drizzle.execute(sql`select 3 as three`)).rows).toEqual([{ three: 3 }]);
});

it('R1.5 a connection that breaks while nobody uses it is replaced, and told of once', async () => {
  await database.drizzle.execute(sql`select 1`);
  await setup.sql(TERMINATE('test-broken'));
  await eventually(() => expect(broken).not.toEqual([]));
  expect((await database.drizzle.execute(sql`select 3 as three`)).rows).toEqual([{ three: 3 }]);
  expect(broken).toHaveLength(1);
});

it('R1.5 a transaction that cannot even begin gives its connection back', async () => {
  await database.drizzle.execute(sql`select 1`);
  terminateUnheard('test-broken');
  const failure = await failureOf(database.drizzle.transaction(async (tx) => tx.execute(sql`select 1`)));
  expect(isOutage(failure)).toBe(true);
  expect((await database.drizzle.execute(sql`select 3 as three`)).rows).toEqual([{ three: 3 }]);
});

it('R1.5 a transaction for which there is no connection fails for a reason that passes', async () => {
  await using unreachable = connectDatabase({
    url: 'postgres://127.0.0.1:1/none',
    maxConnections: 1,
    applicationName: 'test-unreachable',
    onConnectionError: (error) => broken.push(error),
  });
  const ended = unreachable.drizzle.transaction(async () => undefined);
  expect(isOutage(await failureOf(ended))).toBe(true);
});

it('P6 who listens for access changes hears of those that came while its connection was broken', async () => {
  const heard: (string | null)[] = [];
  await using listener = listenForAccessChanges({
    url: setup.appUrl,
    onChange: (user) => heard.push(user),
    onError: (error) => broken.push(error),
  });
  await listener.ready;
  expect(heard).toEqual([null]);
  await setup.sql(TERMINATE('meldesync-access'));
  await setup.sql(`update members set role = role where user_id = 'ben'`);
  await eventually(() => expect(heard).toEqual([null, null]));
  expect(broken).toHaveLength(1);
});
