import type { SyncClient } from '@meldesync/client';
import {
  type Cluster,
  eventually,
  metricOf,
  recordsInPostgres,
  recordsOf,
  startCluster,
  type TestPerson,
} from '@meldesync/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let cluster: Cluster;
let person: TestPerson;

beforeEach(async () => {
  cluster = await startCluster({ worker: false, sweepIntervalMs: 20, logLevel: 'silent' });
  person = await cluster.addPerson('Person Eins', { workspace: cluster.workspace, role: 'editor' });
});
afterEach(() => cluster[Symbol.asyncDispose]());

/** Runs statements with all triggers of `records` switched off. */
async function past(statements: string): Promise<void> {
  await cluster.sql(`do $do$ begin
    alter table records disable trigger all;
    ${statements}
    alter table records enable trigger all;
    perform meldesync_enable_triggers();
  end $do$`);
}

/** A client that shows all records of the workspace. */
async function openScreen(node: number): Promise<SyncClient> {
  const client = cluster.client(person, { node });
  client.start();
  await eventually(async () => expect(recordsOf(client.store)).toEqual(await recordsInPostgres(cluster)));
  return client;
}

const expectSame = (screens: readonly SyncClient[]) =>
  eventually(async () => {
    const inPostgres = await recordsInPostgres(cluster);
    const [row] = await cluster.sql('select meldesync_checksum($1) as sum', [cluster.workspace]);
    const { feed } = await cluster.api(person).checksum(cluster.workspace);
    expect(feed).toBe(Number(row?.['sum']));
    for (const screen of screens) expect(recordsOf(screen.store)).toEqual(inPostgres);
  });

describe('what is written past the triggers', () => {
  it('R1.1 R3.4 reaches every screen that is open, and those that are opened meanwhile', async () => {
    const [changed = 0, gone, raised, untouched] = await cluster.addRecords(4);
    const screens = [await openScreen(0), await openScreen(1)];
    await past(`update records set note = 'quiet' where id = ${changed};
      update records set version = 9, note = 'raised' where id = ${raised};
      delete from records where id = ${gone};
      insert into records (workspace_id, vorgangsnummer, ibe, case_id)
        select workspace_id, repeat('e', 64), ibe, 'F-quiet' from records where id = ${untouched};`);
    // It reads what nobody was told of.
    const late = cluster.client(person, { node: 1 });
    late.start();
    await eventually(() => expect(late.store.size).toBe(4));
    await cluster.addWorker('worker');
    await expectSame([...screens, late]);
    const rows = await cluster.sql(`select distinct actor, via from changes where version > 1`);
    expect(rows).toEqual([{ actor: 'db:?', via: 'sql' }]);
    // Nobody's edit is a conflict with a version that they have not received.
    const [screen] = screens;
    const shown = screen?.store.get(changed);
    expect(shown?.note).toBe('quiet');
    await cluster.sql(`update records set note = 'next' where id = $1 and version = $2`, [changed, shown?.version]);
    await eventually(() => expect(screen?.store.get(changed)?.note).toBe('next'));
  });

  it('R3.4 is told of by one worker, and by another when that one ends', async () => {
    const first = await cluster.addWorker('first');
    await eventually(async () => expect(await metricOf(first, 'meldesync_sweep_active')).toBe(1));
    const second = await cluster.addWorker('second');
    const [one, two] = await cluster.addRecords(2);
    await past(`update records set note = 'quiet' where id = ${one};`);
    await eventually(async () => expect(await metricOf(first, 'meldesync_untold_records_total')).toBe(1));
    expect(await metricOf(second, 'meldesync_sweep_active')).toBe(0);
    await cluster.end(first);
    await past(`update records set note = 'quiet' where id = ${two};`);
    await eventually(async () => expect(await metricOf(second, 'meldesync_untold_records_total')).toBe(1));
    expect(await metricOf(second, 'meldesync_sweep_active')).toBe(1);
  });

  it('R3.4 is not told of while a restore is under way, which brings indexes last', async () => {
    const [gone, kept] = await cluster.addRecords(2);
    const screen = await openScreen(0);
    await cluster.sql('alter index changes_record_version rename to changes_record_version_later');
    const worker = await cluster.addWorker('worker');
    await eventually(async () => expect(await metricOf(worker, 'meldesync_sweep_active')).toBe(1));
    await past(`delete from records where id = ${gone};`);
    await cluster.sql(`update records set note = 'told meanwhile' where id = $1`, [kept]);
    await eventually(() => expect(screen.store.get(Number(kept))?.note).toBe('told meanwhile'));
    expect(await metricOf(worker, 'meldesync_untold_records_total')).toBe(0);
    await cluster.sql('alter index changes_record_version_later rename to changes_record_version');
    await expectSame([screen]);
    expect(screen.store.size).toBe(1);
  });

  it('R3.4 is told of although another record has a version above which there is none', async () => {
    const [last, ...others] = await cluster.addRecords(5);
    const screen = await openScreen(0);
    await past(`update records set note = 'quiet'; update records set version = 2147483647 where id = ${last};`);
    const worker = await cluster.addWorker('worker');
    await eventually(() => {
      for (const id of others) expect(screen.store.get(id)?.note).toBe('quiet');
    });
    await eventually(async () => expect(await metricOf(worker, 'meldesync_untold_records_left')).toBe(1));
  });
});
