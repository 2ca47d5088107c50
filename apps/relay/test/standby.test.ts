import { type Cluster, countsOf, eventually, type Measured, startCluster } from '@meldesync/testkit';
import { afterEach, expect, it } from 'vitest';

const HOLD_BACK_MS = 2_000;

let cluster: Cluster;
afterEach(() => cluster[Symbol.asyncDispose]());

/** Where the log stands now, as a decimal. */
async function logEnd(): Promise<bigint> {
  const [row] = await cluster.sql(`select (pg_current_wal_lsn() - '0/0')::text as lsn`);
  return BigInt(String(row?.['lsn']));
}

async function confirmed(): Promise<bigint> {
  const [row] = await cluster.sql('select confirmed_lsn as lsn from feed_state');
  return BigInt(String(row?.['lsn']));
}

/** How many connections Redis has taken so far. */
async function redisConnections(): Promise<number> {
  const stats = String(await cluster.redis.command('INFO', 'stats'));
  return Number(/total_connections_received:(\d+)/.exec(stats)?.[1]);
}

/** How often a relay has begun to read the log, by the reason. */
const passes = (relay: Measured) => countsOf(relay, 'meldesync_relay_passes_total', 'reason');

it('R1.5 a relay that stands by leaves the active one alone: its pass goes on and the log is confirmed', async () => {
  cluster = await startCluster({ worker: false, nodes: 1, holdBackMs: HOLD_BACK_MS });
  await eventually(() => expect(cluster.relay?.active).toBe(true));
  const standby = await cluster.addRelay('standby');
  const connected = await redisConnections();
  // Twice, so that a position from before the standby came does not count.
  for (let round = 0; round < 2; round++) {
    await cluster.addRecords(1, { first: 1 + round });
    const end = await logEnd();
    await eventually(async () => expect(await confirmed()).toBeGreaterThanOrEqual(end));
  }
  expect(await passes(cluster.relay)).toEqual(['start 1']);
  expect(standby.active).toBe(false);
  // Nor does it trouble Redis while it waits: it looks at the slot, and says how it is on two connections.
  expect((await redisConnections()) - connected).toBeLessThanOrEqual(4);
});
