import { eventually, runSql, testEnvironment } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { repeat } from './repetition.ts';

const everyMs = 1;

it('counts what got through, and apart from it what Postgres refused or was not there for', async () => {
  const url = testEnvironment().TEST_DATABASE_URL;
  const nobody = new URL(url);
  nobody.port = '1';
  const ways = [
    () => runSql(url, 'select 1'),
    () => runSql(url, 'select nothing'),
    () => runSql(nobody.toString(), 'select 1'),
    () => runSql(url, 'select pg_terminate_backend(pg_backend_pid())'),
  ];
  let asked = 0;
  const act = async (count: number): Promise<void> => {
    asked = count + 1;
    await ways[count % ways.length]?.();
  };
  const running = repeat({ everyMs, act });
  await eventually(() => expect(asked).toBeGreaterThan(2 * ways.length));
  const { done, refused } = await running.end();
  expect(done + refused).toBe(asked);
  expect(done).toBe(Math.ceil(asked / ways.length));
});

it('a mistake of who asks is no refusal', async () => {
  const running = repeat({ everyMs, act: () => Promise.reject(new TypeError('no such thing')) });
  await expect(running.end()).rejects.toThrow('no such thing');
});
