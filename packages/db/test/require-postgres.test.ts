import { createTestDatabase, freePort, runSql, type TestDatabase } from '@meldesync/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { requirePostgres } from '../src/index.ts';
import { judgePostgres } from '../src/require-postgres.ts';

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

it('one whose log nobody can follow is refused by what follows it, and taken by the others', () => {
  const facts = { version: '18.1', walLevel: 'replica' };
  const url = 'postgresql://db:5432/meldesync';
  expect(() => judgePostgres(facts, { url, logicalLog: true })).toThrow(
    'PostgreSQL at db:5432 has wal_level=replica, and MeldeSync needs wal_level=logical',
  );
  expect(() => judgePostgres(facts, { url, logicalLog: false })).not.toThrow();
});
