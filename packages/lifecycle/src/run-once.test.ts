import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { reasonOf, runOnce } from './run-once.ts';
import { UnsupportedServer } from './supported-versions.ts';

let said: string[];

beforeEach(() => {
  said = [];
  vi.spyOn(console, 'error').mockImplementation((text: string) => said.push(text));
});
afterEach(() => {
  process.exitCode = undefined;
});

it('says in a line what failed, and never a statement', async () => {
  const refused = new AggregateError([
    Object.assign(new Error('connect ECONNREFUSED ::1:5432'), { code: 'ECONNREFUSED' }),
  ]);
  const failed = Object.assign(
    new Error(`Failed query: alter role x password 'secret'\nparams: `, { cause: refused }),
    {
      query: 'alter role',
      params: [],
    },
  );
  await runOnce('migrate', () => Promise.reject(failed));
  expect([said, process.exitCode]).toEqual([['migrate failed: connect ECONNREFUSED ::1:5432'], 1]);
});

it('a failed query without a cause is not shown either', () => {
  const failed = Object.assign(new Error(`Failed query: x 'secret'`), { query: '', params: [] });
  expect(reasonOf(failed)).toBe('a query failed');
});

it('adds the code where the message does not hold it, and takes what is no error', () => {
  expect(reasonOf(Object.assign(new Error('password\nis wrong'), { code: '28P01' }))).toBe('password is wrong (28P01)');
  expect(reasonOf('nothing')).toBe('nothing');
});

it('78 for a server that is not supported, 0 when it is done', async () => {
  await runOnce('migrate', () => Promise.resolve());
  expect(process.exitCode).toBeUndefined();
  await runOnce('migrate', () => Promise.reject(new UnsupportedServer('PostgreSQL 9 is too old')));
  expect([said, process.exitCode]).toEqual([['PostgreSQL 9 is too old'], 78]);
});
