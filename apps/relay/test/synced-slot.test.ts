import {
  type BreakablePostgres,
  countsOf,
  eventually,
  type FaultProxy,
  runSql,
  startBreakablePostgres,
  startFaultProxy,
} from '@meldesync/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWatchedCluster, type WatchedCluster } from './watched-cluster.ts';

let primary: BreakablePostgres;
let standby: BreakablePostgres;
let line: FaultProxy;
let watched: WatchedCluster;
beforeAll(async () => {
  primary = await startBreakablePostgres();
  line = await startFaultProxy({ port: primary.port });
  const address = new URL(primary.url);
  address.port = String(line.port);
  watched = await startWatchedCluster({ postgresUrl: address.href, holdBackMs: 250, hasFailoverSlot: true });
  standby = await primary.startStandby({ syncsSlots: true });
});
afterAll(async () => {
  await watched[Symbol.asyncDispose]();
  await line[Symbol.asyncDispose]();
  await standby[Symbol.asyncDispose]();
  await primary[Symbol.asyncDispose]();
});

const epoch = async () => (await watched.cluster.sql('select epoch from feed_state'))[0]?.['epoch'];

it('R1.1 R4.2 a standby that takes over with the slot that it has synchronised begins one new epoch, and nothing is lost', async () => {
  const { cluster, screens, anna } = watched;
  const [first = 0, second = 0] = await cluster.addRecords(2);
  let written = 0;
  // It is kept for good once it has caught up with what the relay has confirmed, which moves on with each list of transactions in the log.
  await eventually(async () => {
    written += 1;
    await cluster.sql('update records set note = $1 where id = $2', [`write ${written}`, first]);
    await runSql(primary.url, 'select pg_log_standby_snapshot()');
    const kept = await runSql(
      standby.url,
      'select from pg_replication_slots where slot_name = $1 and synced and not temporary',
      [cluster.database.slot],
    );
    expect(kept).toHaveLength(1);
  });
  await watched.expectAllSame();
  const begun = await epoch();
  const loads = screens.map((screen) => {
    const seen = { count: 0, isLoading: false };
    screen.onConnection(({ name }) => {
      if (name === 'loading' && !seen.isLoading) seen.count += 1;
      seen.isLoading = name === 'loading';
    });
    return seen;
  });
  const outcomes = await screens[0]?.edit([{ record: second, baseVersion: 1, set: { note: 'acknowledged' } }]);
  expect(outcomes).toEqual([{ record: second, outcome: 'accepted', version: 2 }]);

  await primary.stop('crash');
  line.retarget(standby.port);
  await runSql(standby.url, 'select pg_promote()');
  await runSql(standby.url, `alter system set synchronous_standby_names = ''`);
  await runSql(standby.url, 'select pg_reload_conf()');
  await eventually(async () => expect(await epoch()).not.toBe(begun));
  await watched.expectAllSame();
  expect(screens.map((screen) => screen.store.get(second)?.note)).toEqual(['acknowledged', 'acknowledged']);
  // All may be the same before the screens hear of the epoch, which has what they show.
  const expectOneLoad = () => expect(loads.map(({ count }) => count)).toEqual([1, 1]);
  await eventually(expectOneLoad);
  // The slot is that which was synchronised, not one that had to be made.
  expect(
    await cluster.sql('select synced from pg_replication_slots where slot_name = $1', [cluster.database.slot]),
  ).toEqual([{ synced: true }]);
  const fresh = await epoch();
  await cluster.api(anna).edit(cluster.workspace, {
    operation: 'after-the-failover',
    items: [{ record: second, baseVersion: 2, set: { note: 'after it' } }],
  });
  await watched.expectAllSame();
  expect(await epoch()).toBe(fresh);
  expectOneLoad();
  const epochs = await countsOf(cluster.relay, 'meldesync_relay_epochs_total', 'reason');
  expect(epochs.filter((one) => !one.startsWith('first'))).toEqual(['other-timeline 1']);
});
