import { runSql } from '@meldesync/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  adoptLog,
  beginEpoch,
  confirmFeed,
  connectDatabase,
  type Database,
  EpochBegunError,
  endEpoch,
  type FeedHold,
  getFeedPosition,
  getFeedPositions,
  getFeedState,
  getLogIdentity,
  takeFeed,
} from '../src/index.ts';
import { createEditSetup, type EditSetup } from './edit-setup.ts';

let setup: EditSetup;
/** As the relay connects. */
let owner: Database;
beforeAll(async () => {
  setup = await createEditSetup();
  owner = connectDatabase({
    url: setup.ownerUrl,
    maxConnections: 2,
    applicationName: 'test',
    onConnectionError: (error) => {
      throw error;
    },
  });
});
afterAll(async () => {
  await owner[Symbol.asyncDispose]();
  await setup[Symbol.asyncDispose]();
});

/** Begins an epoch and takes its feed over. */
async function begin(epoch: string, confirmedLsn: string): Promise<FeedHold> {
  const former = (await getFeedState(owner.drizzle))?.epoch;
  const state = await beginEpoch(owner, { epoch, confirmedLsn, systemId: null, timeline: null, history: null }, former);
  const token = await takeFeed(owner, state);
  if (token === undefined) throw new Error('nobody else takes the feed over');
  return { epoch, token };
}

const positionOf = async () => (await getFeedPositions(owner.drizzle)).get(setup.workspace)?.position;

it('R1.1 confirms positions in the epoch they are of, and in no other', async () => {
  const hold = await begin('0000000a', '1');
  const moved = new Map([[setup.workspace, { position: '7-0', checksum: 5 }]]);
  expect(await confirmFeed(owner, hold, '2', moved)).toBe(true);
  expect([(await getFeedState(owner.drizzle))?.confirmedLsn, await positionOf()]).toEqual(['2', '7-0']);
  expect(await getFeedPosition(owner.drizzle, setup.workspace)).toEqual({ position: '7-0', checksum: 5 });
  expect(await getFeedPosition(owner.drizzle, '00000000-0000-4000-8000-000000000000')).toBeUndefined();

  // Another relay has begun a new one: what the first still confirms must not move that on.
  await begin('0000000b', '8');
  expect(await confirmFeed(owner, hold, '9', moved)).toBe(false);
  expect([(await getFeedState(owner.drizzle))?.confirmedLsn, await positionOf()]).toEqual(['8', '0-0']);
  expect(await runSql(setup.ownerUrl, 'select epoch from feed_state')).toEqual([{ epoch: '0000000b' }]);
});

it('R1.1 begins an epoch with what was told, so that it adds up once the rest is told too', async () => {
  const id = await setup.addRecord();
  const sumOf = async () => (await getFeedPositions(owner.drizzle)).get(setup.workspace)?.checksum;
  const [told] = await setup.sql('select meldesync_checksum($1) as sum', [setup.workspace]);
  await setup.sql(`do $$ begin
    alter table records disable trigger all;
    update records set version = 9 where id = ${id};
    alter table records enable trigger all;
    perform meldesync_enable_triggers();
  end $$`);
  const begun = { confirmedLsn: '1', systemId: null, timeline: null, history: null };
  await beginEpoch(owner, { ...begun, epoch: '0000000c' }, (await getFeedState(owner.drizzle))?.epoch);
  expect(await sumOf()).toBe(Number(told?.['sum']));
  await setup.sql(`select meldesync_repair(array[$1::bigint])`, [id]);
  const [now] = await setup.sql('select meldesync_checksum($1) as sum', [setup.workspace]);
  await beginEpoch(owner, { ...begun, epoch: '0000000d' }, '0000000c');
  expect(await sumOf()).toBe(Number(now?.['sum']));
});

it('R1.1 R1.5 a relay that another one has replaced confirms nothing, and no position goes back', async () => {
  const frozen = await begin('0000000c', '5');
  const read = await getFeedState(owner.drizzle);
  const later = { epoch: '0000000c', token: (await takeFeed(owner, { epoch: '0000000c', confirmedLsn: '5' })) ?? 0 };
  expect(later.token).toBeGreaterThan(frozen.token);
  const moved = (position: string) => new Map([[setup.workspace, { position, checksum: 1 }]]);
  expect(await confirmFeed(owner, later, '20', moved('20-0'))).toBe(true);
  expect(await confirmFeed(owner, frozen, '30', moved('30-0'))).toBe(false);
  // Compared as numbers: as text 9 comes after 20.
  expect(await confirmFeed(owner, later, '9', moved('9-0'))).toBe(false);
  expect([(await getFeedState(owner.drizzle))?.confirmedLsn, await positionOf()]).toEqual(['20', '20-0']);
  // Nor does it take the feed over with what it has read before.
  expect(await takeFeed(owner, { epoch: read?.epoch ?? '', confirmedLsn: read?.confirmedLsn ?? '' })).toBeUndefined();
});

it('R4.1 an epoch of which the release before does not say whose log it is of takes the name of this one, once', async () => {
  const log = await getLogIdentity(owner.drizzle);
  expect(log).toMatchObject({ systemId: expect.stringMatching(/^\d+$/) as string, timeline: 1 });
  await runSql(
    setup.ownerUrl,
    `update feed_state set epoch = '0000000d', system_id = null, timeline = null, history = null`,
  );
  await adoptLog(owner, '0000000d', log);
  await adoptLog(owner, '0000000d', { systemId: 'another', timeline: 7, history: '1' });
  expect(await getFeedState(owner.drizzle)).toMatchObject({
    systemId: log.systemId,
    timeline: 1,
    history: log.history,
  });
});

it('R1.5 a relay that was frozen while it began an epoch replaces none that another one has begun since', async () => {
  const begun = { confirmedLsn: '1', systemId: null, timeline: null, history: null };
  await endEpoch(owner, (await getFeedState(owner.drizzle))?.epoch);
  await beginEpoch(owner, { ...begun, epoch: '0000000e' }, undefined);
  for (const former of [undefined, '0000000d']) {
    await expect(beginEpoch(owner, { ...begun, epoch: '0000000f' }, former)).rejects.toThrow(EpochBegunError);
    await expect(endEpoch(owner, former)).rejects.toThrow(EpochBegunError);
  }
  expect((await getFeedState(owner.drizzle))?.epoch).toBe('0000000e');
});
