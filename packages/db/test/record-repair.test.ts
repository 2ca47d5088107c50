import { BLANK_CONTENT } from '@meldesync/domain';
import { openTransaction, sampleMeldebestaetigung } from '@meldesync/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ALL_IDS,
  fillDigests,
  findUntoldRecords,
  nextIdRange,
  repairRecords,
} from '../src/queries/record-differences.ts';
import { accepted, createEditSetup, type EditSetup, item } from './edit-setup.ts';

let setup: EditSetup;

beforeEach(async () => {
  setup = await createEditSetup();
});
afterEach(() => setup[Symbol.asyncDispose]());

/** Runs a statement with all triggers of `records` switched off. */
async function past(statement: string): Promise<void> {
  await setup.sql(`do $do$ begin
    alter table records disable trigger all;
    ${statement};
    alter table records enable trigger all;
    perform meldesync_enable_triggers();
  end $do$`);
}

const untold = async () => (await findUntoldRecords(setup.worker.drizzle, ALL_IDS)).map(({ id }) => id);
const repair = async (ids: readonly number[]) =>
  (await repairRecords(setup.worker.drizzle, ids)).map(({ id, op }) => [id, op]);

async function changesOf(id: number) {
  return setup.sql(`select version, op, before, after, actor, via from changes where record_id = $1 order by version`, [
    id,
  ]);
}

const BY_NOBODY = { actor: 'db:?', via: 'sql' };

/** What was told adds up to what is there, as the relay and every screen sum it up from the changes. */
async function expectSumsAgree(): Promise<void> {
  const [row] = await setup.sql(
    `select meldesync_checksum($1) = meldesync_told_checksum($1) as told, meldesync_checksum($1) =
       (select sum(case op when 'delete' then 0 else meldesync_record_checksum(record_id, version) end
         - case op when 'insert' then 0 else meldesync_record_checksum(record_id, version - 1) end)
        from changes where workspace_id = $1) as summed`,
    [setup.workspace],
  );
  expect(row).toEqual({ told: true, summed: true });
}

/** Nothing is left to find, and the record's history says what it holds. */
async function expectTold(id: number): Promise<void> {
  expect(await untold()).toEqual([]);
  await expectSumsAgree();
  const [row] = await setup.sql(
    `select meldesync_told_digest(meldesync_told(id)) = meldesync_record_digest(r) as same from records r where id = $1`,
    [id],
  );
  expect(row).toEqual({ same: true });
}

describe('R3.4 a record that was written past the triggers', () => {
  it('is found by its content, and gets a version and a change of what differs', async () => {
    const id = await setup.addRecord();
    const other = await setup.addRecord();
    expect(await untold()).toEqual([]);
    await past(`update records set note = 'quiet' where id = ${id}`);
    expect(await untold()).toEqual([id]);
    expect(await repair([id, other])).toEqual([[id, 'update']]);
    expect((await changesOf(id)).at(-1)).toEqual({
      version: 2,
      op: 'update',
      before: { note: null },
      after: { note: 'quiet' },
      ...BY_NOBODY,
    });
    expect(await setup.recordRow(id)).toMatchObject({ version: 2, note: 'quiet', updated_by: 'db:?' });
    expect(await setup.changeCount(other)).toBe(1);
    await expectTold(id);
  });

  it('is found when somebody has edited it since, and that edit stays theirs', async () => {
    const id = await setup.addRecord();
    await past(`update records set note = 'quiet' where id = ${id}`);
    expect(await setup.edit([item(id, { assignee: 'anna' })])).toEqual({ outcomes: [accepted(id)] });
    expect(await setup.edit([item(id, { done: false, caseId: 'F-1' }, 2)])).toEqual({ outcomes: [accepted(id, 3)] });
    expect(await untold()).toEqual([id]);
    await repair([id]);
    expect((await changesOf(id)).map(({ version, after, actor }) => [version, after, actor]).slice(1)).toEqual([
      [2, { assignee: 'anna' }, 'user:anna'],
      [3, { caseId: 'F-1' }, 'user:anna'],
      [4, { note: 'quiet' }, 'db:?'],
    ]);
    await expectTold(id);
  });

  it('adds up with a version that follows on none, also when it is edited or deleted first', async () => {
    const [skipping, edited, deleted, next] = [
      await setup.addRecord(),
      await setup.addRecord(),
      await setup.addRecord(),
      await setup.addRecord(),
    ];
    await past(`update records set version = 7, note = 'quiet' where id in (${skipping}, ${edited}, ${deleted})`);
    await past(`update records set version = 2 where id = ${next}`);
    await setup.sql(`update records set assignee = 'anna' where id in ($1, $2)`, [edited, next]);
    await setup.sql('delete from records where id = $1', [deleted]);
    expect(await untold()).toEqual([skipping, edited, next]);
    await repair([skipping, edited, next]);
    const steps = async (id: number) => (await changesOf(id)).map(({ op, version }) => [op, version]).slice(1);
    expect(await steps(skipping)).toEqual([
      ['delete', 2],
      ['insert', 8],
    ]);
    expect(await steps(edited)).toEqual([
      ['delete', 2],
      ['insert', 7],
      ['update', 8],
      ['update', 9],
    ]);
    expect(await steps(deleted)).toEqual([
      ['delete', 2],
      ['insert', 7],
      ['delete', 8],
    ]);
    expect(await steps(next)).toEqual([
      ['update', 2],
      ['update', 3],
      ['update', 4],
    ]);
    // Whoever has read the version that nobody was told of may hold any content of it.
    const { vorgangsnummer, ibe } = sampleMeldebestaetigung(2);
    expect((await changesOf(edited)).at(-1)?.['after']).toEqual({
      vorgangsnummer,
      ibe,
      ...BLANK_CONTENT,
      note: 'quiet',
      assignee: 'anna',
    });
    await expectTold(edited);
  });

  it('is told of as new where nobody knew of it, and as deleted where it is gone', async () => {
    const gone = await setup.addRecord();
    const { vorgangsnummer, ibe } = sampleMeldebestaetigung(900);
    await past(`delete from records where id = ${gone}`);
    await past(`insert into records (workspace_id, vorgangsnummer, ibe, note)
      values ('${setup.workspace}', '${vorgangsnummer}', '${ibe}', 'quiet')`);
    const found = await untold();
    expect(found).toHaveLength(2);
    const fresh = found.find((id) => id !== gone) ?? 0;
    await repair(found);
    expect((await changesOf(gone)).at(-1)).toMatchObject({ version: 2, op: 'delete', after: {}, ...BY_NOBODY });
    expect(await changesOf(fresh)).toEqual([
      {
        version: 2,
        op: 'insert',
        before: {},
        after: { vorgangsnummer, ibe, ...BLANK_CONTENT, note: 'quiet' },
        ...BY_NOBODY,
      },
    ]);
    await expectTold(fresh);
  });

  it('goes on above all versions when an old copy of the table was put back, with records that were deleted since', async () => {
    const [changed, deleted] = [await setup.addRecord(), await setup.addRecord()];
    await setup.sql('create table copy_of_records as select * from records');
    for (const note of ['a', 'b']) await setup.sql('update records set note = $1 where id = $2', [note, changed]);
    await setup.sql('delete from records where id = $1', [deleted]);
    const late = await setup.addRecord();
    await past(`delete from records; insert into records (id, workspace_id, vorgangsnummer, ibe, version)
      overriding system value select id, workspace_id, vorgangsnummer, ibe, version from copy_of_records`);
    expect(await untold()).toEqual([changed, deleted, late]);
    await repair([changed, deleted, late]);
    expect((await changesOf(changed)).at(-1)).toMatchObject({ op: 'update', version: 4, after: { note: null } });
    expect((await changesOf(deleted)).at(-1)).toMatchObject({ op: 'insert', version: 3 });
    expect((await changesOf(late)).at(-1)).toMatchObject({ op: 'delete', version: 2 });
    await expectTold(changed);
  });

  it('leaves the workspace that it was taken from', async () => {
    const id = await setup.addRecord();
    await past(`update records set workspace_id = '${setup.otherWorkspace}' where id = ${id}`);
    await repair(await untold());
    const rows = await setup.sql('select op, workspace_id from changes where record_id = $1 order by version', [id]);
    expect(rows.map((row) => [row['op'], row['workspace_id']])).toEqual([
      ['insert', setup.workspace],
      ['delete', setup.workspace],
      ['insert', setup.otherWorkspace],
    ]);
    await expectTold(id);
  });

  it('is held to its whole history where that is from before there were digests', async () => {
    const [same, other] = [await setup.addRecord({ caseId: 'F-1' }), await setup.addRecord()];
    await setup.sql(`update records set note = 'a' where id in ($1, $2)`, [same, other]);
    await setup.sql(`do $$ begin
      alter table changes disable trigger all;
      update changes set digest = null;
      alter table changes enable trigger all;
      perform meldesync_enable_triggers();
    end $$`);
    expect(await untold()).toEqual([]);
    await past(`update records set case_id = 'F-2' where id = ${other}`);
    expect(await untold()).toEqual([other]);
    await setup.sql(`update records set note = 'b' where id in ($1, $2)`, [same, other]);
    expect(await untold()).toEqual([other]);
    await repair([other]);
    expect((await changesOf(other)).at(-1)).toMatchObject({ after: { caseId: 'F-2' }, version: 4 });
    await expectTold(other);
  });

  it('is found by who wrote it and when, which is all that differs', async () => {
    const [author, time, same] = [await setup.addRecord(), await setup.addRecord(), await setup.addRecord()];
    await past(`update records set updated_by = 'user:anna' where id = ${author};
      update records set updated_at = 'epoch' where id = ${time}`);
    expect(await untold()).toEqual([author, time]);
    await repair([author, time, same]);
    expect(await setup.recordRow(author)).toMatchObject({ version: 2, updated_by: 'db:?' });
    expect((await changesOf(time)).at(-1)).toMatchObject({ op: 'update', version: 2, after: {}, ...BY_NOBODY });
    await expectTold(author);
  });

  it('is held to the digest that its history from before digests is given, once', async () => {
    const [same, other, deleted] = [await setup.addRecord(), await setup.addRecord(), await setup.addRecord()];
    await setup.sql(`update records set note = 'a' where id in ($1, $2)`, [same, other]);
    await setup.sql('delete from records where id = $1', [deleted]);
    await setup.sql(`do $$ begin
      alter table changes disable trigger all;
      update changes set digest = null;
      alter table changes enable trigger all;
      perform meldesync_enable_triggers();
    end $$`);
    await past(`update records set case_id = 'F-2' where id = ${other}`);
    const { drizzle } = setup.worker;
    expect([await fillDigests(drizzle, ALL_IDS), await fillDigests(drizzle, ALL_IDS)]).toEqual([2, 0]);
    expect(await untold()).toEqual([other]);
    await repair([other]);
    await expectTold(other);
    const rewritten = setup.sql(`update changes set digest = '' where record_id = $1`, [same]);
    await expect(rewritten).rejects.toMatchObject({ code: '42501' });
  });

  it('waits for nobody: one that is being edited is passed over, and is next', async () => {
    const [edited, free] = [await setup.addRecord(), await setup.addRecord()];
    await past(`update records set note = 'quiet'`);
    await using transaction = await openTransaction(setup.ownerUrl);
    await transaction.query(`update records set assignee = 'anna' where id = $1`, [edited]);
    expect(await repair([edited, free])).toEqual([[free, 'update']]);
    await transaction.commit();
    expect(await repair([edited, free])).toEqual([[edited, 'update']]);
    await expectTold(edited);
  });

  it('is looked for in ranges of bounded size, of which the last has no end', async () => {
    const ids = [await setup.addRecord(), await setup.addRecord(), await setup.addRecord()];
    for (const note of ['a', 'b', 'c']) await setup.sql('update records set note = $1 where id = $2', [note, ids[1]]);
    const { drizzle } = setup.worker;
    const ranges = [];
    for (let above = 0; above < ALL_IDS.upTo; ) {
      const range = await nextIdRange(drizzle, above, 2);
      ranges.push(range);
      above = range.upTo;
    }
    expect(ranges.map(({ upTo }) => upTo)).toEqual([ids[1], ALL_IDS.upTo]);
  });
});

it('R2.5 R5.5 nobody but the owner writes a version, or has something told that is not so', async () => {
  const id = await setup.addRecord();
  await using transaction = await openTransaction(setup.appUrl);
  await transaction.query(`select set_config('meldesync.repair', $1, true)`, [String(id)]);
  await transaction.query(`update records set version = 50, note = 'a' where id = $1`, [id]);
  await transaction.commit();
  expect(await setup.recordRow(id)).toMatchObject({ version: 2, updated_by: 'db:meldesync_app' });
  expect(await repair([id])).toEqual([]);
});
