import { randomBytes } from 'node:crypto';
import { createTestDatabase, eventually, sampleMeldebestaetigung, type TestDatabase } from '@meldesync/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** Two databases of one server, of which the second subscribes to the first. */
let publisher: TestDatabase;
let subscriber: TestDatabase;
let workspace: string;
let slot: string;
let number = 0;

const old: TestDatabase['sql'] = (...question) => publisher.sql(...question);
const young: TestDatabase['sql'] = (...question) => subscriber.sql(...question);

beforeEach(async () => {
  publisher = await createTestDatabase();
  subscriber = await createTestDatabase();
  slot = `upgrade_${randomBytes(6).toString('hex')}`;
  const [row] = await old(`insert into workspaces (name) values ('Testklinik') returning id`);
  workspace = String(row?.['id']);
});
afterEach(async () => {
  await unsubscribe();
  await old('select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1', [slot]);
  await subscriber[Symbol.asyncDispose]();
  await publisher[Symbol.asyncDispose]();
});

/** A slot that the subscription makes itself would wait for the statement that makes the subscription: both are one server. */
async function subscribe(publication: string): Promise<void> {
  await old(`create publication upgrade ${publication}`);
  await old(`select pg_create_logical_replication_slot($1, 'pgoutput')`, [slot]);
  await young(
    `create subscription upgrade connection '${publisher.ownerUrl}' publication upgrade
     with (create_slot = false, slot_name = '${slot}')`,
  );
}

async function unsubscribe(): Promise<void> {
  if ((await young('select from pg_subscription where subname = $1', ['upgrade'])).length === 0) return;
  await young('alter subscription upgrade disable');
  await eventually(async () => {
    expect(await old('select from pg_replication_slots where slot_name = $1 and active', [slot])).toEqual([]);
  });
  await young('alter subscription upgrade set (slot_name = none)');
  await young('drop subscription upgrade');
}

async function addRecord(): Promise<number> {
  number += 1;
  const { vorgangsnummer, ibe } = sampleMeldebestaetigung(number);
  const [row] = await old('insert into records (workspace_id, vorgangsnummer, ibe) values ($1, $2, $3) returning id', [
    workspace,
    vorgangsnummer,
    ibe,
  ]);
  return Number(row?.['id']);
}

/** Three records with some history: one as it came, one edited, one deleted. */
async function addHistory(): Promise<{ edited: number; deleted: number }> {
  await addRecord();
  const edited = await addRecord();
  const deleted = await addRecord();
  for (const note of ['a', 'b']) await old('update records set note = $1 where id = $2', [note, edited]);
  await old('delete from records where id = $1', [deleted]);
  return { edited, deleted };
}

const stepsOf = async (id: number) =>
  (await young('select op, version from changes where record_id = $1 order by version', [id])).map(
    ({ op, version }) => [op, version],
  );

const differences = `select * from meldesync_differences(0, ${Number.MAX_SAFE_INTEGER})`;

describe('a subscription', () => {
  it('R3.4 R5.1 that brings records alone leaves a change for each, of a history that begins here', async () => {
    await young(`insert into workspaces (id, name) values ($1, 'Testklinik')`, [workspace]);
    const { edited, deleted } = await addHistory();
    await subscribe('for table records');
    await eventually(async () => expect(await stepsOf(edited)).toEqual([['insert', 1]]));
    await old(`update records set note = 'c' where id = $1`, [edited]);
    await old('delete from records where id = $1', [edited]);
    await eventually(async () =>
      expect(await stepsOf(edited)).toEqual([
        ['insert', 1],
        ['update', 2],
        ['delete', 3],
      ]),
    );
    expect(await stepsOf(deleted)).toEqual([]);
    expect(await young(differences)).toEqual([]);
  });

  it('R5.1 R5.5 that brings the history too, as in an upgrade of Postgres, brings it as it is', async () => {
    const { edited } = await addHistory();
    await subscribe('for tables in schema public, auth');
    await eventually(async () => {
      expect(await young(`select from pg_subscription_rel where srsubstate <> 'r'`)).toEqual([]);
    });
    await old(`update records set note = 'while it follows' where id = $1`, [edited]);
    const late = await addRecord();
    await old('delete from records where id = $1', [late]);
    const history = 'select * from changes order by id';
    const all = await old(history);
    await eventually(async () => expect(await young(history)).toEqual(all));
    const records = 'select * from records order by id';
    expect(await young(records)).toEqual(await old(records));
    expect(await young(differences)).toEqual([]);

    // Nothing of its own gets into a history that comes from elsewhere.
    await young(`do $$ begin
      alter table records disable trigger all;
      update records set case_id = 'F-quiet' where id = ${edited};
      alter table records enable trigger all;
      perform meldesync_enable_triggers();
    end $$`);
    const repair = `select op from meldesync_repair(array[${edited}])`;
    expect(await young(repair)).toEqual([]);

    // What the runbook says next.
    await unsubscribe();
    await young(`select setval('records_id_seq', (select max(record_id) from changes)),
                        setval('changes_id_seq', (select max(id) from changes))`);
    expect(await young(repair)).toEqual([{ op: 'update' }]);
    await young(`update records set note = 'ordinary' where id = $1`, [edited]);
    await young(
      `with switched as materialized (select set_config('session_replication_role', 'replica', true))
       update records set note = 'replica' where id = $1 and (select count(*) from switched) = 1`,
      [edited],
    );
    expect((await stepsOf(edited)).slice(-3)).toEqual([
      ['update', 5],
      ['update', 6],
      ['update', 7],
    ]);
    expect(await young(differences)).toEqual([]);
  });
});
