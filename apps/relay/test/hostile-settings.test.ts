import { randomBytes } from 'node:crypto';
import { openTransaction } from '@meldesync/testkit';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { startWatchedCluster, type WatchedCluster } from './watched-cluster.ts';

const BIG = 1024 * 1024;
/** What a session may set; NUL is refused by Postgres itself. */
const HOSTILE: readonly (readonly [string, string])[] = [
  ['quotes', `user:anna","op":"delete`],
  ['a backslash', 'user:anna\\","x":"'],
  ['a line', 'user:anna\n{"op":"delete"}'],
  ['a control character', 'user:anna\u0001'],
  ['separators of lines', 'user:anna\u2028\u2029'],
  ['lone marks of direction', 'user:\u202eanna\u2066'],
  ['a megabyte', `user:${'x'.repeat(BIG)}`],
  ['a megabyte of marks', `user:${'\u202e'.repeat(BIG / 3)}`],
  ['nothing that is wrong', 'user:anna'],
];
/** `repair` is a word of ours, `note` is not. */
const SETTINGS = ['actor', 'via', 'operation', 'import', 'traceparent', 'repair', 'note', 'way', 'trace'];

let watched: WatchedCluster;
let record: number;
let count = 0;
beforeAll(async () => {
  watched = await startWatchedCluster();
  record = (await watched.cluster.addRecords(1))[0] ?? 0;
  await watched.expectAllSame();
});
afterAll(() => watched[Symbol.asyncDispose]());

/** Sets every setting to the same value and writes one column. */
async function writeAs(url: string, value: string, before: readonly string[] = []): Promise<Record<string, unknown>> {
  count += 1;
  await using session = await openTransaction(url);
  for (const statement of before) await session.query(statement);
  for (const name of SETTINGS) await session.query('select set_config($1, $2, true)', [`meldesync.${name}`, value]);
  await session.query(`select set_config('meldesync.repair', $1, true)`, [String(record)]);
  await session.query('update records set note = $1 where id = $2', [`write ${count}`, record]);
  await session.commit();
  return (await watched.newestChange(record)) ?? {};
}

/** A role that may write one column, and make what it wants in a schema of its own. */
async function stranger(name = `stranger_${randomBytes(6).toString('hex')}`) {
  const { cluster } = watched;
  const quoted = `"${name.replaceAll('"', '""')}"`;
  await cluster.sql(`create role ${quoted} login password 'x'`);
  onTestFinished(async () => {
    await cluster.sql(`drop owned by ${quoted} cascade`);
    await cluster.sql(`drop role ${quoted}`);
  });
  await cluster.sql(`grant select, update (note) on records to ${quoted}`);
  await cluster.sql(`create schema authorization ${quoted}`);
  const url = new URL(cluster.database.ownerUrl);
  url.username = encodeURIComponent(name);
  url.password = 'x';
  return { name, quoted, url: url.href };
}

const BY = { via: 'sql', operation: null, import_id: null, traceparent: null };

it.each(HOSTILE)('R5.1 of a role that may write one column nothing is believed: %s', async (_, value) => {
  const { name, url } = await stranger();
  expect(await writeAs(url, value)).toMatchObject({ ...BY, actor: `db:${name}`, after: { note: `write ${count}` } });
});

it.each(HOSTILE)('R5.1 of a superuser nothing is believed, not the word of the repair either: %s', async (_, value) => {
  expect(await writeAs(watched.cluster.database.ownerUrl, value)).toMatchObject({ ...BY, actor: 'db:postgres' });
});

it.each(HOSTILE)(
  'R5.1 of the role of the application nothing is believed that it would not say: %s',
  async (_, value) => {
    const isSaid = value === 'user:anna' || value === `user:anna","op":"delete` || value === 'user:anna\\","x":"';
    const change = await writeAs(watched.cluster.database.appUrl, value);
    expect(change).toMatchObject({ ...BY, actor: isSaid ? value : 'db:meldesync_app' });
    expect(String(change['actor']).length).toBeLessThanOrEqual(200);
  },
);

it('R5.1 NUL is refused by Postgres, and the connection of nobody', async () => {
  await expect(writeAs(watched.cluster.database.ownerUrl, 'user:anna\0')).rejects.toThrow();
});

it('R5.1 the owner who sets the word of the repair signs as nobody else, and no version of theirs goes untold', async () => {
  const { cluster } = watched;
  await using session = await openTransaction(cluster.database.ownerUrl);
  await session.query(`select set_config('meldesync.repair', $1, true)`, [String(record)]);
  await session.query(
    `update records set updated_by = 'user:anna', version = version + 3, note = 'forged' where id = $1`,
    [record],
  );
  await session.query(`update records set updated_by = 'user:anna', version = version + 3 where id = $1`, [record]);
  await session.commit();
  await watched.expectAllSame();
  const forged = await cluster.sql(
    `select from changes where record_id = $1 and actor = 'user:anna' and after ->> 'note' = 'forged'`,
    [record],
  );
  expect(forged).toEqual([]);
  const [row] = await cluster.sql('select updated_by from records where id = $1', [record]);
  expect(row).toEqual({ updated_by: 'db:?' });
});

it('R5.1 operators and functions of a stranger say neither who they are nor which version follows', async () => {
  const { name, quoted, url } = await stranger();
  const before = [
    `create function ${quoted}.forge(text, name) returns text language sql as $$ select 'user:anna' $$`,
    `create operator ${quoted}.|| (leftarg = text, rightarg = name, function = ${quoted}.forge)`,
    `create function ${quoted}.skip(int, int) returns int language sql as $$ select 1000 $$`,
    `create operator ${quoted}.+ (leftarg = int, rightarg = int, function = ${quoted}.skip)`,
    `create function ${quoted}.clock_timestamp() returns timestamptz language sql as $$ select timestamptz 'epoch' $$`,
    `create function ${quoted}.current_setting(text, boolean) returns text language sql as $$ select 'user:anna' $$`,
    `set search_path = ${quoted}, pg_catalog, public`,
  ];
  const [row] = await watched.cluster.sql('select version from records where id = $1', [record]);
  expect(await writeAs(url, 'user:anna', before)).toMatchObject({
    ...BY,
    actor: `db:${name}`,
    version: Number(row?.['version']) + 1,
  });
  const [after] = await watched.cluster.sql(
    `select updated_at > now() - interval '1 hour' as now from records where id = $1`,
    [record],
  );
  expect(after).toEqual({ now: true });
});

it.each([
  ['a quote', 'a"b\\c'],
  ['a line and a control character', 'a\nb\u0001c'],
  ['marks of direction', '\u202eanna\u2066\u2028'],
  ['as long as Postgres lets it be', 'ü'.repeat(31)],
])('R5.1 the name of a role is told as it is: %s', async (_, name) => {
  const { url } = await stranger(name);
  expect(await writeAs(url, 'user:anna')).toMatchObject({ ...BY, actor: `db:${name}` });
  await watched.expectAllSame();
  for (const screen of watched.screens) expect(screen.store.get(record)?.updatedBy).toBe(`db:${name}`);
});

it('R1.1 R5.1 after all of it every screen holds what Postgres holds, and none was interrupted', async () => {
  await watched.expectAllSame();
  expect(watched.interruptions()).toBe(0);
  const [row] = await watched.cluster.sql(
    `select max(length(actor)) <= 200 as actors, max(pg_column_size(c.*)) < 2000 as rows from changes c`,
  );
  expect(row).toEqual({ actors: true, rows: true });
});
