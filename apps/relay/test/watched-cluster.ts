import type { SyncClient } from '@meldesync/client';
import {
  type Cluster,
  type ClusterOptions,
  eventually,
  recordsInPostgres,
  recordsOf,
  startCluster,
  type TestPerson,
} from '@meldesync/testkit';
import { expect } from 'vitest';

/** A cluster with a screen on each of two nodes, and a worker that looks for what was written past the triggers all the time. */
export interface WatchedCluster extends AsyncDisposable {
  readonly cluster: Cluster;
  readonly anna: TestPerson;
  readonly screens: readonly SyncClient[];
  /**
   * Waits until both screens and the feed hold what Postgres holds, one that is opened now as well, and nothing is untold: what
   * `meldesync verify` asks.
   */
  expectAllSame(): Promise<void>;
  /** How often a screen has not been live since it first was. */
  interruptions(): number;
  /** The change of a record that is the newest. */
  newestChange(record: number): Promise<Record<string, unknown> | undefined>;
}

export async function startWatchedCluster(options: ClusterOptions = {}): Promise<WatchedCluster> {
  const cluster = await startCluster({ sweepIntervalMs: 50, logLevel: 'silent', ...options });
  const anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  let interruptions = 0;
  const screens = [0, 1].map((node) => {
    const screen = cluster.client(anna, { node });
    let wasLive = false;
    screen.onConnection(({ name }) => {
      if (wasLive && name !== 'live') interruptions += 1;
      wasLive = name === 'live';
    });
    screen.start();
    return screen;
  });
  await eventually(() => expect(screens.map(({ connection }) => connection.name)).toEqual(['live', 'live']));
  return {
    cluster,
    anna,
    screens,
    expectAllSame: async () => {
      const late = cluster.client(anna);
      late.start();
      await eventually(async () => {
        const held = await recordsInPostgres(cluster);
        for (const screen of [...screens, late]) expect(recordsOf(screen.store)).toEqual(held);
        const { feed, database } = await cluster.api(anna).checksum(cluster.workspace);
        expect(feed).toBe(database);
        expect(await cluster.api(anna).untoldRecords(cluster.workspace)).toMatchObject({ count: 0 });
        for (const screen of screens) expect(screen.connection.name).toBe('live');
      });
      late.stop();
    },
    interruptions: () => interruptions,
    newestChange: async (record) => {
      const [row] = await cluster.sql(
        `select version, op, before, after, actor, via, operation, import_id, traceparent
         from changes where record_id = $1 order by version desc limit 1`,
        [record],
      );
      return row;
    },
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}
