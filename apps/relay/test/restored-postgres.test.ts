import type { SyncClient } from '@meldesync/client';
import {
  type Cluster,
  countsOf,
  eventually,
  type Measured,
  type PostgresOnDisk,
  readStream,
  recordsInPostgres,
  recordsOf,
  startCluster,
  startPostgresOnDisk,
} from '@meldesync/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';

const RECORDS = 5;

let postgres: PostgresOnDisk;
let cluster: Cluster;
let client: SyncClient;
let records: number[];
let begun: unknown;

beforeEach(async () => {
  postgres = await startPostgresOnDisk();
  cluster = await startCluster({ worker: false, nodes: 1, postgresUrl: postgres.url, logLevel: 'silent' });
  records = await cluster.addRecords(RECORDS);
  client = cluster.client(await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' }));
  client.start();
  await expectCurrent();
  begun = await epoch();
  await postgres.copyDisk();
  await write('kept by nobody', records.slice(0, 3));
  await expectCurrent();
});
afterEach(async () => {
  await cluster[Symbol.asyncDispose]();
  await postgres[Symbol.asyncDispose]();
});

async function epoch(): Promise<unknown> {
  return (await cluster.sql('select epoch from feed_state'))[0]?.['epoch'];
}

/** One transaction a record, once Postgres answers. */
async function write(note: string, ids: readonly number[]): Promise<void> {
  for (const id of ids) {
    await eventually(async () => {
      await cluster.sql('update records set note = $1 where id = $2', [note, id]);
    });
  }
}

/** The client shows what Postgres holds, and the stream ends with the last change there. */
async function expectCurrent(): Promise<void> {
  await eventually(async () => {
    expect(client.connection.name).toBe('live');
    expect(recordsOf(client.store)).toEqual(await recordsInPostgres(cluster));
  });
}

/** Nothing but one new epoch, by the reason, and everybody follows it. */
async function expectOneNewEpoch(reason: string, relay: Measured): Promise<void> {
  await eventually(async () => expect(await epoch()).not.toBe(begun));
  await expectCurrent();
  const fresh = await epoch();
  await write('in the new feed', records);
  await expectCurrent();
  await eventually(async () => expect((await readStream(cluster)).length).toBeGreaterThanOrEqual(RECORDS));
  expect(client.cursor?.slice(0, 8)).toBe(fresh);
  expect(await epoch()).toBe(fresh);
  const epochs = await countsOf(relay, 'meldesync_relay_epochs_total', 'reason');
  expect(epochs.filter((one) => !one.startsWith('first'))).toEqual([`${reason} 1`]);
}

it('R1.1 R4.2 a disk that was put back begins one new epoch, though nobody writes', async () => {
  await postgres.putCopyBack();
  await expectOneNewEpoch('log-set-back', cluster.relay);
});

it.each([
  ['and its log has come further than the lost one', 1],
  ['and other records have changed since', 2],
])('R1.1 R4.2 a disk that was put back while no relay ran %s begins one new epoch', async (_, workspaces) => {
  await cluster.end(cluster.relay);
  await postgres.putCopyBack();
  await eventually(async () => {
    await cluster.sql('select pg_switch_wal()');
  });
  // In another workspace nothing tells that this one stands elsewhere.
  if (workspaces === 2) await cluster.addWorkspace('Zweitklinik');
  else await write('in another history', records.slice(2, 4));
  const relay = await cluster.addRelay('second relay');
  await expectOneNewEpoch('log-set-back', relay);
});

it('R1.1 R4.2 a standby that takes over begins one new epoch, though it has the slot', async () => {
  await postgres.putCopyBack({ promoted: true });
  await expectOneNewEpoch('other-timeline', cluster.relay);
});

it('R1.1 R4.2 a slot that was made anew by hand begins one new epoch, for what it missed is in no feed', async () => {
  await cluster.end(cluster.relay);
  const { slot } = cluster.database;
  await eventually(async () => {
    await cluster.sql('select pg_drop_replication_slot($1)', [slot]);
  });
  await write('in no feed', records.slice(0, 1));
  await cluster.sql(`select pg_create_logical_replication_slot($1, 'pgoutput')`, [slot]);
  const relay = await cluster.addRelay('second relay');
  await expectOneNewEpoch('slot-moved-on', relay);
});

it('R1.1 a Postgres that merely was stopped goes on in its epoch', async () => {
  await postgres.copyDisk();
  await write('after the stop', records);
  await expectCurrent();
  expect(await epoch()).toBe(begun);
});
