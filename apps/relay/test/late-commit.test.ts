import {
  type BreakablePostgres,
  eventually,
  openTransaction,
  runSql,
  startBreakablePostgres,
} from '@meldesync/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWatchedCluster, type WatchedCluster } from './watched-cluster.ts';

/** Of its own: it waits for a standby that is not there. */
let postgres: BreakablePostgres;
let watched: WatchedCluster;
beforeAll(async () => {
  postgres = await startBreakablePostgres();
  watched = await startWatchedCluster({ postgresUrl: postgres.url, holdBackMs: 250 });
});
afterAll(async () => {
  await watched[Symbol.asyncDispose]();
  await postgres[Symbol.asyncDispose]();
});

async function configure(setting: string): Promise<void> {
  await runSql(postgres.url, `alter system set ${setting}`);
  await runSql(postgres.url, 'select pg_reload_conf()');
}

it('R1.1 R4.2 what is in the log before a new slot, and visible only after that, is in the epoch that begins then', async () => {
  const { cluster, screens } = watched;
  const { ownerUrl, slot } = cluster.database;
  const [record = 0] = await cluster.addRecords(1);
  await watched.expectAllSame();
  const epoch = async () => (await cluster.sql('select epoch from feed_state'))[0]?.['epoch'];
  const before = await epoch();
  // Only one commit is to wait for the standby.
  await configure(`synchronous_commit = 'local'`);
  await configure(`synchronous_standby_names = 'nobody'`);

  // A slot waits twice for those that have written: when it is asked for, and once more for those that are there then.
  const first = await openTransaction(ownerUrl);
  await first.query('select pg_current_xact_id()');
  await eventually(async () => {
    await cluster.sql('select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = $1', [slot]);
    await cluster.sql('select pg_drop_replication_slot($1)', [slot]);
  });
  const isWaiting = async (forWhom: number): Promise<void> => {
    const waiting = await cluster.sql(
      `select from pg_stat_activity where query like '%pg_create_logical_replication_slot%'
       and pg_blocking_pids(pid) @> array[$1::int]`,
      [forWhom],
    );
    expect(waiting).toHaveLength(1);
  };
  const pidOf = async ({ query }: typeof first): Promise<number> =>
    Number((await query('select pg_backend_pid() as pid'))[0]?.['pid']);
  const firstPid = await pidOf(first);
  await eventually(() => isWaiting(firstPid));
  const second = await openTransaction(ownerUrl);
  await second.query('select pg_current_xact_id()');
  const secondPid = await pidOf(second);
  await first.rollback();
  await first[Symbol.asyncDispose]();
  await eventually(() => isWaiting(secondPid));

  const late = await openTransaction(ownerUrl);
  await late.query(`set local synchronous_commit = 'on'`);
  await late.query(`update records set note = 'late' where id = $1`, [record]);
  const committed = late.commit();
  await eventually(async () => {
    const waiting = await cluster.sql(`select from pg_stat_activity where wait_event = 'SyncRep'`);
    expect(waiting).toHaveLength(1);
  });
  await second.rollback();
  await second[Symbol.asyncDispose]();
  await eventually(async () => {
    const made = await cluster.sql(
      'select from pg_replication_slots where slot_name = $1 and confirmed_flush_lsn is not null',
      [slot],
    );
    expect(made).toHaveLength(1);
  });
  // An epoch that did not wait would be there by now, with screens that have taken their snapshots.
  await new Promise((resolve) => {
    setTimeout(resolve, 2_000);
  });
  await configure(`synchronous_standby_names = ''`);
  await committed;
  await late[Symbol.asyncDispose]();
  await eventually(async () => expect([undefined, before]).not.toContain(await epoch()));
  await watched.expectAllSame();
  expect(screens.map(({ store }) => store.get(record)?.note)).toEqual(['late', 'late']);
  await cluster.sql(`update records set case_id = 'F-9' where id = $1`, [record]);
  await watched.expectAllSame();
});
