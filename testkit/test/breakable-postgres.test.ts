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

it('a standby has all that was acknowledged when the first one is gone', async () => {
  await using first = await startBreakablePostgres();
  await runSql(first.url, 'create table kept (what text)');
  await using standby = await first.startStandby();
  await runSql(first.url, `insert into kept values ('acknowledged')`);
  await first.stop('crash');
  await runSql(standby.url, 'select pg_promote()');
  await runSql(standby.url, `insert into kept values ('after')`);
  expect(await runSql(standby.url, 'select what from kept')).toEqual([{ what: 'acknowledged' }, { what: 'after' }]);
});

it.runIf(process.getuid?.() === 0)('one whose disk was full has all that was acknowledged', async () => {
  await using postgres = await startBreakablePostgres({ diskBytes: 512 * 1024 * 1024 });
  await runSql(postgres.url, 'create table kept (what text)');
  await runSql(postgres.url, `insert into kept values ('before')`);
  postgres.fillDisk();
  await expect(
    runSql(postgres.url, `insert into kept select repeat(md5(n::text), 100) from generate_series(1, 10000) as one(n)`),
  ).rejects.toThrow();
  await postgres.freeDisk();
  await runSql(postgres.url, `insert into kept values ('after')`);
  expect(await runSql(postgres.url, 'select what from kept')).toEqual([{ what: 'before' }, { what: 'after' }]);
});
