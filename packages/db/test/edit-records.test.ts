import type { RecordPatch } from '@meldesync/protocol';
import { eventually, openTransaction } from '@meldesync/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { editRecords, listMembers } from '../src/index.ts';
import { accepted, createEditSetup, type EditSetup, item, rejected } from './edit-setup.ts';

let setup: EditSetup;

beforeAll(async () => {
  setup = await createEditSetup();
});
afterAll(() => setup[Symbol.asyncDispose]());

const addRecord: EditSetup['addRecord'] = (options) => setup.addRecord(options);
const edit: EditSetup['edit'] = (items, input) => setup.edit(items, input);
const sql: EditSetup['sql'] = (text, values) => setup.sql(text, values);
const recordRow: EditSetup['recordRow'] = (id) => setup.recordRow(id);
const changeCount: EditSetup['changeCount'] = (id) => setup.changeCount(id);

describe('an edit on the current version', () => {
  it('R2.5 R5.1 is written with who made it, from where, and under which operation', async () => {
    const id = await addRecord();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const result = await edit([item(id, { note: 'a', caseId: 'F-1', assignee: 'ben' })], {
      operation: 'first-of-all',
      via: 'cli',
      traceparent,
    });
    expect(result).toEqual({ outcomes: [accepted(id)] });
    expect(await recordRow(id)).toEqual({
      version: 2,
      case_id: 'F-1',
      done: false,
      assignee: 'ben',
      note: 'a',
      updated_by: 'user:anna',
    });
    const [change] = await sql(
      'select actor, via, operation, traceparent, before, after from changes where record_id = $1 and version = 2',
      [id],
    );
    expect(change).toEqual({
      actor: 'user:anna',
      via: 'cli',
      operation: 'first-of-all',
      traceparent,
      before: { note: null, caseId: null, assignee: null },
      after: { note: 'a', caseId: 'F-1', assignee: 'ben' },
    });
  });

  it('answers several items in their order, whatever the order of their ids', async () => {
    const first = await addRecord();
    const second = await addRecord();
    expect(await edit([item(second, { note: 'b' }), item(first, { note: 'a' })])).toEqual({
      outcomes: [accepted(second), accepted(first)],
    });
  });

  it('that changes nothing is accepted, keeps the version and leaves no change', async () => {
    const id = await addRecord();
    expect(await edit([item(id, { note: null, done: false })])).toEqual({ outcomes: [accepted(id, 1)] });
    expect(await changeCount(id)).toBe(1);
  });
});

describe('an edit that is not on the current version', () => {
  it('R2.1 R2.2 is a conflict that shows the record as it stands and who changed it', async () => {
    const id = await addRecord();
    await edit([item(id, { note: 'first' })], { user: 'ben' });
    const result = await edit([item(id, { note: 'second' })]);
    expect(result).toMatchObject({
      outcomes: [
        {
          record: id,
          outcome: 'conflict',
          baseVersion: 1,
          current: { id, version: 2, note: 'first', updatedBy: 'user:ben' },
        },
      ],
    });
    expect(await recordRow(id)).toMatchObject({ note: 'first', version: 2 });
    expect(await changeCount(id)).toBe(2);
  });

  it('R2.5 from the future is refused', async () => {
    const id = await addRecord();
    expect(await edit([item(id, { note: 'a' }, 2)])).toEqual({ outcomes: [rejected(id, 'version-unknown')] });
    expect(await edit([item(id, { note: 'a' }, Number.MAX_SAFE_INTEGER)])).toEqual({
      outcomes: [rejected(id, 'version-unknown')],
    });
    expect(await changeCount(id)).toBe(1);
  });

  it('R2.1 of many at the same time exactly one wins, and the others learn which', async () => {
    const id = await addRecord();
    const results = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        edit([item(id, { note: `writer ${index}` })], { user: index % 2 === 0 ? 'anna' : 'ben' }),
      ),
    );
    const outcomes = results.flatMap((result) => ('outcomes' in result ? result.outcomes : []));
    const winners = outcomes.filter((outcome) => outcome.outcome === 'accepted');
    expect(winners).toEqual([accepted(id)]);
    const row = await recordRow(id);
    expect(row).toMatchObject({
      version: 2,
      note: `writer ${outcomes.findIndex((one) => one.outcome === 'accepted')}`,
    });
    for (const outcome of outcomes) {
      if (outcome.outcome === 'accepted') continue;
      expect(outcome).toMatchObject({ outcome: 'conflict', current: { version: 2, note: row?.['note'] } });
    }
  });

  it('R2.1 edits of the same records in opposite orders do not stop each other', async () => {
    const ids = [await addRecord(), await addRecord(), await addRecord()];
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, index) => {
        const ordered = index % 2 === 0 ? ids : ids.toReversed();
        return edit(ordered.map((id) => item(id, { note: `writer ${index}` })));
      }),
    );
    const winners = results.filter(
      (result) => 'outcomes' in result && result.outcomes.every((outcome) => outcome.outcome === 'accepted'),
    );
    expect(winners).toHaveLength(1);
    const notes = await Promise.all(ids.map(async (id) => (await recordRow(id))?.['note']));
    expect(new Set(notes).size).toBe(1);
  });

  it('R2.4 a lock held by plain SQL only delays an edit', async () => {
    const id = await addRecord();
    await using holder = await openTransaction(setup.ownerUrl);
    await holder.query(`update records set note = 'by hand' where id = $1`, [id]);
    const waiting = edit([item(id, { note: 'late' })]);
    await eventually(async () => {
      const rows = await sql(`select 1 from pg_locks where not granted`);
      expect(rows.length).toBeGreaterThan(0);
    });
    await holder.commit();
    expect(await waiting).toMatchObject({
      outcomes: [{ outcome: 'conflict', current: { note: 'by hand', updatedBy: 'db:postgres', version: 2 } }],
    });
  });
});

describe('who may edit what', () => {
  it.each([
    ['a viewer', 'vera', 'forbidden'],
    ['a member of another workspace only', 'olga', 'workspace-not-found'],
    ['nobody known', 'nobody', 'workspace-not-found'],
  ])('%s is refused as a whole', async (_, user, code) => {
    const id = await addRecord();
    expect(await edit([item(id, { note: 'a' })], { user, operation: `refused-${user}` })).toEqual({ refused: code });
    expect(await recordRow(id)).toMatchObject({ version: 1 });
    // The operation id is not used up by it.
    expect(await edit([item(id, { note: 'a' })], { operation: `refused-${user}` })).toEqual({
      outcomes: [accepted(id)],
    });
  });

  it('the role counts as it is at that moment', async () => {
    const id = await addRecord();
    await sql(`update members set role = 'viewer' where user_id = 'ben'`);
    expect(await edit([item(id, { note: 'a' })], { user: 'ben' })).toEqual({ refused: 'forbidden' });
    await sql(`update members set role = 'admin' where user_id = 'ben'`);
    expect(await edit([item(id, { note: 'a' })], { user: 'ben' })).toEqual({ outcomes: [accepted(id)] });
  });

  it("another workspace's record is as unknown as one that does not exist", async () => {
    const foreign = await addRecord({ workspace: setup.otherWorkspace });
    const own = await addRecord();
    expect(
      await edit([item(foreign, { note: 'a' }), item(own, { note: 'a' }), item(2 ** 53 - 1, { note: 'a' })]),
    ).toEqual({
      outcomes: [rejected(foreign, 'record-not-found'), accepted(own), rejected(2 ** 53 - 1, 'record-not-found')],
    });
    expect(await recordRow(foreign)).toMatchObject({ version: 1, note: null });
  });

  it('P60 an assignee is a person of the workspace who may edit; nobody is always possible', async () => {
    const id = await addRecord();
    const refused = { outcomes: [rejected(id, 'assignee-unknown')] };
    for (const person of ['olga', 'vera']) expect(await edit([item(id, { assignee: person })])).toEqual(refused);
    const barred: readonly [sql: string, back: string][] = [
      ['update members set suspended_at = now()', 'update members set suspended_at = null'],
      [`update members set expires_at = now() - interval '1 s'`, 'update members set expires_at = null'],
      [`update members set role = 'auditor'`, `update members set role = 'admin'`],
      ['update auth."user" set disabled_at = now()', 'update auth."user" set disabled_at = null'],
      [`update auth."user" set kind = 'service'`, `update auth."user" set kind = 'person'`],
    ];
    const assignable = async () =>
      (await listMembers(setup.database.drizzle, setup.workspace)).flatMap((one) => (one.isAssignable ? one.id : []));
    for (const [bar, letIn] of barred) {
      const ofBen = bar.includes('auth.') ? ` where id = 'ben'` : ` where user_id = 'ben'`;
      await setup.sql(bar + ofBen);
      expect(await edit([item(id, { assignee: 'ben' })]), bar).toEqual(refused);
      expect(await assignable(), bar).toEqual(['anna']);
      await setup.sql(letIn + ofBen);
    }
    expect(await assignable()).toEqual(['anna', 'ben']);
    expect(await edit([item(id, { assignee: 'ben' })])).toEqual({ outcomes: [accepted(id)] });
    expect(await edit([item(id, { assignee: null }, 2)])).toEqual({ outcomes: [accepted(id, 3)] });
  });

  it('P60 whoever may edit no more keeps what is assigned to them until somebody changes that', async () => {
    const id = await addRecord();
    await edit([item(id, { assignee: 'ben' })]);
    await setup.sql(`update members set suspended_at = now() where user_id = 'ben'`);
    expect(await edit([item(id, { assignee: 'ben', note: 'a' }, 2)])).toEqual({ outcomes: [accepted(id, 3)] });
    expect(await edit([item(id, { assignee: null }, 3)])).toEqual({ outcomes: [accepted(id, 4)] });
    expect(await edit([item(id, { assignee: 'ben' }, 4)])).toEqual({ outcomes: [rejected(id, 'assignee-unknown')] });
    await setup.sql(`update members set suspended_at = null where user_id = 'ben'`);
  });
});

describe('marking a case done', () => {
  const DONE: RecordPatch = { done: true };

  it('a complete case may be done, one half after the other', async () => {
    const genomic = await addRecord({ artDerDaten: 'G', caseId: 'complete-1' });
    const clinical = await addRecord({ artDerDaten: 'C', caseId: 'complete-1' });
    expect(await edit([item(genomic, DONE)])).toEqual({ outcomes: [accepted(genomic)] });
    expect(await edit([item(clinical, DONE)])).toEqual({ outcomes: [accepted(clinical)] });
  });

  it('R1.3 both halves may be done in one edit', async () => {
    const genomic = await addRecord({ artDerDaten: 'G', caseId: 'complete-2' });
    const clinical = await addRecord({ artDerDaten: 'C', caseId: 'complete-2' });
    expect(await edit([item(clinical, DONE), item(genomic, DONE)])).toEqual({
      outcomes: [accepted(clinical), accepted(genomic)],
    });
  });

  it('clinical data alone are enough without sequencing, if their quality control passed', async () => {
    const solved = await addRecord({ artDerDaten: 'C', artDerSequenzierung: 0, caseId: 'solved-1' });
    expect(await edit([item(solved, DONE)])).toEqual({ outcomes: [accepted(solved)] });
    const failed = await addRecord({
      artDerDaten: 'C',
      artDerSequenzierung: 0,
      qualitaetskontrolle: 0,
      caseId: 'solved-2',
    });
    expect(await edit([item(failed, DONE)])).toEqual({ outcomes: [rejected(failed, 'case-not-complete')] });
  });

  it.each(['G', 'C'] as const)('half a case (%s) may not', async (artDerDaten) => {
    const id = await addRecord({ artDerDaten, caseId: `half-${artDerDaten}` });
    await addRecord({ artDerDaten, caseId: `half-${artDerDaten}` });
    expect(await edit([item(id, DONE)])).toEqual({ outcomes: [rejected(id, 'case-not-complete')] });
    expect(await recordRow(id)).toMatchObject({ done: false, version: 1 });
  });

  it('records without a case id are no case together, and the other half must be of the same workspace', async () => {
    const genomic = await addRecord({ artDerDaten: 'G' });
    await addRecord({ artDerDaten: 'C' });
    expect(await edit([item(genomic, DONE)])).toEqual({ outcomes: [rejected(genomic, 'case-not-complete')] });
    const here = await addRecord({ artDerDaten: 'G', caseId: 'elsewhere' });
    await addRecord({ artDerDaten: 'C', caseId: 'elsewhere', workspace: setup.otherWorkspace });
    expect(await edit([item(here, DONE)])).toEqual({ outcomes: [rejected(here, 'case-not-complete')] });
  });

  it('the case id that the same edit enters counts', async () => {
    await addRecord({ artDerDaten: 'C', caseId: 'entered' });
    const genomic = await addRecord({ artDerDaten: 'G' });
    expect(await edit([item(genomic, { caseId: 'entered', done: true })])).toEqual({ outcomes: [accepted(genomic)] });
  });

  it('what is done may be edited further and opened again', async () => {
    const id = await addRecord({ artDerDaten: 'G', caseId: 'alone', done: true });
    expect(await edit([item(id, { note: 'a', done: true })])).toEqual({ outcomes: [accepted(id)] });
    expect(await edit([item(id, { done: false }, 2)])).toEqual({ outcomes: [accepted(id, 3)] });
  });
});

describe('a retry', () => {
  it('gets the first answer again, with all its outcomes, and writes nothing', async () => {
    const won = await addRecord();
    const lost = await addRecord();
    await edit([item(lost, { note: 'someone was first' })], { user: 'ben' });
    const items = [item(lost, { note: 'a' }), item(won, { note: 'a' }), item(999_999_999, { note: 'a' })];
    const first = await edit(items, { operation: 'mixed-outcomes' });
    expect(first).toMatchObject({
      outcomes: [{ outcome: 'conflict' }, { outcome: 'accepted', version: 2 }, { code: 'record-not-found' }],
    });
    await edit([item(won, { note: 'later' }, 2)], { user: 'ben' });
    expect(await edit(items, { operation: 'mixed-outcomes' })).toEqual(first);
    expect(await recordRow(won)).toMatchObject({ note: 'later', version: 3 });
  });

  it('of an edit of what is gone gets its answer again, of which nothing else is kept', async () => {
    const [gone, there] = [await setup.addRecord(), await setup.addRecord()];
    await setup.sql('delete from records where id = $1', [gone]);
    const items = [
      { record: gone, baseVersion: 1, set: { note: 'Storchenruf' } },
      { record: there, baseVersion: 1, set: { note: 'bleibt' } },
    ];
    const input = { operation: 'operation-of-gone' };
    const first = await setup.edit(items, input);
    expect(first).toMatchObject({ outcomes: [rejected(gone, 'record-deleted'), { outcome: 'accepted' }] });
    expect(await setup.edit(items, input)).toEqual(first);
    const other = items.map((item) => ({ ...item, set: { note: 'anders' } }));
    expect(await setup.edit(other, input)).toMatchObject({
      outcomes: [rejected(gone, 'operation-reused'), rejected(there, 'operation-reused')],
    });
    const kept = await setup.sql('select items from edit_operations where operation = $1', [input.operation]);
    expect(JSON.stringify(kept)).not.toContain('Storchenruf');
    expect(JSON.stringify(kept)).toContain('bleibt');
  });

  it('that runs at the same time waits for the first and gets the same answer', async () => {
    const id = await addRecord();
    const items = [item(id, { note: 'once' })];
    const results = await Promise.all(Array.from({ length: 8 }, () => edit(items, { operation: 'at-the-same-time' })));
    for (const result of results) expect(result).toEqual({ outcomes: [accepted(id)] });
    expect(await changeCount(id)).toBe(2);
  });

  it.each([
    ['another field', (id: number) => ({ items: [item(id, { note: 'b' })], user: 'anna' })],
    ['another version', (id: number) => ({ items: [item(id, { note: 'a' }, 2)], user: 'anna' })],
    [
      'one more record',
      (id: number) => ({ items: [item(id, { note: 'a' }), item(id + 1, { note: 'a' })], user: 'anna' }),
    ],
    ['another person', (id: number) => ({ items: [item(id, { note: 'a' })], user: 'ben' })],
  ])('under the operation id of something else is refused: %s', async (what, other) => {
    const id = await addRecord();
    await addRecord();
    const operation = `reused-${what.replaceAll(' ', '-')}`;
    await edit([item(id, { note: 'a' })], { operation });
    const { items, user } = other(id);
    expect(await edit(items, { operation, user })).toEqual({
      outcomes: items.map(({ record }) => rejected(record, 'operation-reused')),
    });
    expect(await recordRow(id)).toMatchObject({ version: 2, note: 'a' });
  });

  it('may have the same operation id in another workspace', async () => {
    const here = await addRecord();
    const there = await addRecord({ workspace: setup.otherWorkspace });
    await edit([item(here, { note: 'a' })], { operation: 'in-both' });
    const result = await editRecords(setup.database, {
      workspaceId: setup.otherWorkspace,
      actor: { userId: 'olga', via: 'web', operation: 'in-both' },
      items: [item(there, { note: 'a' })],
    });
    expect(result).toEqual({ outcomes: [accepted(there)] });
  });
});
