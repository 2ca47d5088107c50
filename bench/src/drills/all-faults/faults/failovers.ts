import { eventually, runSql, startTestRedis, startTestSentinel } from '@meldesync/testkit';
import type { Fault } from '../fault.ts';

type Start = Fault['start'];

const PATIENCE_MS = 30_000;

/**
 * The first Postgres is gone for good, and a standby that had confirmed every commit takes its place, without the replication
 * slot. The lines lead to it from then on, as an address that moves does.
 */
export const failPostgresOver: Start = async ({ stage }) => {
  const standby = stage.adopt(await stage.postgres.startStandby());
  await stage.postgres.stop('crash');
  await runSql(standby.url, 'select pg_promote()');
  stage.movePostgres(standby.port);
  const [row] = await runSql(standby.url, 'select not pg_is_in_recovery() as promoted');
  return { mend: () => (row?.['promoted'] === true ? 1 : 0) };
};

/** The first Redis is killed, and Sentinel puts a replica in its place. The lines lead there from then on. */
export const failRedisOver: Start = async ({ stage }) => {
  const port = Number(new URL(stage.redis.url).port);
  const replica = stage.adopt(await startTestRedis());
  await replica.command('REPLICAOF', '127.0.0.1', port);
  const sentinel = stage.adopt(await startTestSentinel(port));
  await eventually(async () => {
    if ((await sentinel.replicas()) === 0) throw new Error('Sentinel knows no replica');
    const info = String(await replica.command('INFO', 'replication'));
    if (!info.includes('master_link_status:up')) throw new Error('the replica does not follow');
  }, PATIENCE_MS);
  await stage.redis.kill();
  await eventually(async () => {
    if ((await sentinel.primaryPort()) === port) throw new Error('Sentinel has not decided');
    const info = String(await replica.command('INFO', 'replication'));
    if (!info.includes('role:master')) throw new Error('the replica is none');
  }, PATIENCE_MS);
  stage.moveRedis(Number(new URL(replica.url).port));
  return { mend: () => 1 };
};
