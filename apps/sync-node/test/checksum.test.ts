import type { ChecksumAnswer } from '@meldesync/protocol';
import { eventually, openTransaction } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { setUpApi } from './api-setup.ts';

const { cluster, anna, call, inWorkspace } = await setUpApi();

const WAITING = `select count(*)::int as count from pg_stat_activity
  where datname = current_database() and wait_event = 'advisory' and query like '%meldesync_checksum%'`;

it('a checksum is computed once at a time, and nobody gets one that is older than their question', async () => {
  // Each computation counts itself and waits for a lock that the test holds.
  await cluster.sql(`
    create sequence checksums_asked;
    alter function meldesync_checksum(uuid) rename to meldesync_checksum_itself;
    create function meldesync_checksum(workspace uuid) returns bigint language plpgsql security definer
      set search_path from current set lock_timeout = 0 as $$
      begin
        perform nextval('checksums_asked');
        perform pg_advisory_xact_lock_shared(4711);
        return meldesync_checksum_itself(workspace);
      end $$`);
  const asked = async () => Number((await cluster.sql('select last_value from checksums_asked'))[0]?.['last_value']);
  const waiting = async () => (await cluster.sql(WAITING))[0]?.['count'];
  const ask = async (as = anna) => (await (await call(inWorkspace('/checksum'), { as })).json()) as ChecksumAnswer;
  // Of one person four at a time are carried out.
  const people = await Promise.all(
    Array.from({ length: 5 }, (_, index) =>
      cluster.addPerson(`Person ${index}`, { workspace: cluster.workspace, role: 'viewer' }),
    ),
  );

  await using holder = await openTransaction(cluster.database.ownerUrl);
  await holder.query('select pg_advisory_xact_lock(4711)');
  const first = ask();
  await eventually(async () => expect(await waiting()).toBe(1));
  await cluster.addRecords(1, { first: 50 });
  const others = Array.from({ length: 20 }, (_, index) => ask(people[index % people.length]));
  for (let count = 0; count < 20; count++) expect((await call(inWorkspace('/members'))).status).toBe(200);
  expect(await waiting()).toBe(1);
  await holder.commit();

  expect((await first).records).toBe(3);
  const answers = await Promise.all(others);
  expect(answers.map(({ records }) => records)).toEqual(Array(20).fill(4));
  expect(await asked()).toBeLessThan(1 + others.length);
});
