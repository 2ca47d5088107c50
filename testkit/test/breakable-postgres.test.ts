import { expect, it } from 'vitest';
import { runSql, startBreakablePostgres } from '../src/index.ts';

it('a Postgres that ends in any way comes back with what was committed', async () => {
  await using postgres = await startBreakablePostgres();
  await runSql(postgres.url, 'create table kept (how text)');
  for (const how of ['fast', 'immediate', 'crash'] as const) {
    await runSql(postgres.url, 'insert into kept values ($1)', [how]);
    await postgres.stop(how);
    await expect(runSql(postgres.url, 'select 1')).rejects.toThrow();
    await postgres.start();
  }
  const rows = await runSql(postgres.url, 'select how from kept');
  expect(rows.map(({ how }) => how)).toEqual(['fast', 'immediate', 'crash']);
});

it('one that is suspended is there still, and answers when it goes on', async () => {
  await using postgres = await startBreakablePostgres();
  postgres.suspend();
  const asked = runSql(postgres.url, 'select 1 as one');
  postgres.resume();
  expect(await asked).toEqual([{ one: 1 }]);
});
