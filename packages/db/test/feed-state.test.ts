import { runSql } from '@meldesync/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  beginEpoch,
  confirmFeed,
  connectDatabase,
  type Database,
  getFeedPositions,
  getFeedState,
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

const positionOf = async () => (await getFeedPositions(owner.drizzle)).get(setup.workspace)?.position;

it('R1.1 confirms positions in the epoch they are of, and in no other', async () => {
  await beginEpoch(owner, { epoch: '0000000a', confirmedLsn: '1' });
  const moved = new Map([[setup.workspace, { position: '7-0', checksum: 5 }]]);
  expect(await confirmFeed(owner, '0000000a', '2', moved)).toBe(true);
  expect([(await getFeedState(owner.drizzle))?.confirmedLsn, await positionOf()]).toEqual(['2', '7-0']);

  // Another relay has begun a new one: what the first still confirms must not move that on.
  await beginEpoch(owner, { epoch: '0000000b', confirmedLsn: '8' });
  expect(await confirmFeed(owner, '0000000a', '9', moved)).toBe(false);
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
  await beginEpoch(owner, { epoch: '0000000c', confirmedLsn: '1' });
  expect(await sumOf()).toBe(Number(told?.['sum']));
  await setup.sql(`select meldesync_repair(array[$1::bigint])`, [id]);
  const [now] = await setup.sql('select meldesync_checksum($1) as sum', [setup.workspace]);
  await beginEpoch(owner, { epoch: '0000000d', confirmedLsn: '1' });
  expect(await sumOf()).toBe(Number(now?.['sum']));
});
