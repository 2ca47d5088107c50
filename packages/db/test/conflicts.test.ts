import { type EditItem, type RecordLock, storedConflict } from '@meldesync/protocol';
import { sampleMeldebestaetigung } from '@meldesync/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { getConflict } from '../src/index.ts';
import {
  accepted,
  createEditSetup,
  type EditInput,
  type EditSetup,
  item,
  meetConflict,
  meetOpenConflict,
  rejected,
} from './edit-setup.ts';

const UNKNOWN = '11111111-1111-4111-8111-111111111111';

let setup: EditSetup;
let record: number;

beforeAll(async () => {
  setup = await createEditSetup();
});
afterAll(() => setup[Symbol.asyncDispose]());
beforeEach(async () => {
  record = await setup.addRecord();
});

const edit: EditSetup['edit'] = (items, input) => setup.edit(items, input);
const sql: EditSetup['sql'] = (text, values) => setup.sql(text, values);

const conflictOf = (items: readonly EditItem[], input?: EditInput) => meetConflict(setup, items, input);
const openConflict = () => meetOpenConflict(setup, record);

async function stored(id: string) {
  const conflict = await getConflict(setup.database.drizzle, { workspaceId: setup.workspace, ofUser: null }, id);
  return conflict && storedConflict.parse(conflict);
}

async function conflictCount(): Promise<number> {
  const rows = await sql('select 1 from conflicts where record_id = $1', [record]);
  return rows.length;
}

describe('a conflict', () => {
  it('R2.2 shows for each field the base, what it is, what was wanted, and who changed it last', async () => {
    await edit([item(record, { note: 'one', caseId: 'F-1' })], { user: 'ben' });
    await edit([item(record, { note: 'two', done: false }, 2)], { user: 'anna' });
    await sql(`update records set note = 'three' where id = $1`, [record]);
    const { fields, overlaps, current } = await conflictOf([item(record, { note: 'mine', assignee: 'vera' })]);
    const history = await sql(
      `select version, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS') as at from changes where record_id = $1`,
      [record],
    );
    const timeOf = (version: number) => String(history.find((row) => row['version'] === version)?.['at']);
    expect(fields).toEqual([
      {
        field: 'caseId',
        base: null,
        current: 'F-1',
        changed: { by: 'user:ben', at: expect.stringContaining(timeOf(2)), version: 2 },
      },
      { field: 'assignee', base: null, current: null, attempted: 'vera' },
      {
        field: 'note',
        base: null,
        current: 'three',
        attempted: 'mine',
        changed: { by: 'db:postgres', at: expect.stringContaining(timeOf(4)), version: 4 },
      },
    ]);
    expect(fields[0]?.changed?.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/);
    expect(overlaps).toBe(true);
    expect(current).toMatchObject({ version: 4, note: 'three' });
  });

  it('R2.2 begins at the version it is based on, not before', async () => {
    await edit([item(record, { note: 'one' })], { user: 'ben' });
    await edit([item(record, { caseId: 'F-1' }, 2)], { user: 'ben' });
    const { fields, overlaps } = await conflictOf([item(record, { note: 'mine' }, 2)]);
    expect(fields).toMatchObject([
      { field: 'caseId', base: null, current: 'F-1' },
      { field: 'note', base: 'one', current: 'one', attempted: 'mine' },
    ]);
    expect(overlaps).toBe(false);
  });

  it('R2.1 is one too if the fields do not overlap, or hold what was wanted already', async () => {
    await edit([item(record, { caseId: 'F-1' })], { user: 'ben' });
    expect(await conflictOf([item(record, { done: false })])).toMatchObject({ overlaps: false });
    expect(await conflictOf([item(record, { caseId: 'F-1' })])).toMatchObject({
      overlaps: true,
      fields: [{ field: 'caseId', base: null, current: 'F-1', attempted: 'F-1' }],
    });
    expect(await setup.recordRow(record)).toMatchObject({ version: 2, done: false });
  });

  it('R2.2 names a field that was changed and changed back', async () => {
    await edit([item(record, { note: 'there' })], { user: 'ben' });
    await edit([item(record, { note: null }, 2)], { user: 'ben' });
    expect(await conflictOf([item(record, { note: 'mine' })])).toMatchObject({
      overlaps: true,
      fields: [{ field: 'note', base: null, current: null, attempted: 'mine', changed: { version: 3 } }],
    });
  });

  it('R2.2 shows a segment that an import replaced', async () => {
    const [before] = await sql('select ibe from records where id = $1', [record]);
    const { ibe } = sampleMeldebestaetigung(9_000);
    await sql('update records set ibe = $1 where id = $2', [ibe, record]);
    const { fields, overlaps } = await conflictOf([item(record, { done: false })]);
    expect(fields).toMatchObject([
      { field: 'done', attempted: false },
      { field: 'ibe', base: before?.['ibe'], current: ibe },
    ]);
    expect(overlaps).toBe(false);
  });

  it('R5.2 is stored as it was answered, with whose and from where, and is open', async () => {
    await edit([item(record, { note: 'theirs' })], { user: 'ben' });
    const outcome = await conflictOf([item(record, { note: 'mine' })], { via: 'cli', operation: 'lost-to-ben' });
    expect(await stored(outcome.conflict)).toEqual({
      conflict: outcome.conflict,
      record,
      by: 'user:anna',
      via: 'cli',
      operation: 'lost-to-ben',
      baseVersion: 1,
      currentVersion: 2,
      fields: outcome.fields,
      overlaps: true,
      at: expect.stringMatching(/Z$/),
      resolved: null,
    });
  });

  it('R5.2 is stored once, however often the answer is asked for again', async () => {
    await edit([item(record, { note: 'theirs' })], { user: 'ben' });
    const items = [item(record, { note: 'mine' })];
    const results = await Promise.all(Array.from({ length: 6 }, () => edit(items, { operation: 'asked-six-times' })));
    for (const result of results) expect(result).toEqual(results[0]);
    expect(await conflictCount()).toBe(1);
  });

  it('R5.2 of each loser is stored', async () => {
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, index) => edit([item(record, { note: `writer ${index}` })])),
    );
    const ids = results.flatMap((result) =>
      'outcomes' in result ? result.outcomes.flatMap((one) => (one.outcome === 'conflict' ? one.conflict : [])) : [],
    );
    expect(new Set(ids).size).toBe(9);
    expect(await conflictCount()).toBe(9);
  });

  it('R5.2 outlives its record', async () => {
    const { conflict } = await openConflict();
    await sql('delete from records where id = $1', [record]);
    expect(await stored(conflict)).toMatchObject({ record });
  });
});

describe('an edit that resolves a conflict', () => {
  it.each(['reapplied', 'merged'] as const)('R5.2 settles it once it is accepted (%s)', async (as) => {
    const { conflict } = await openConflict();
    const result = await edit([item(record, { note: 'both' }, 2, { conflict: conflict.toUpperCase(), as })], {
      operation: `settles-${as}`,
    });
    expect(result).toEqual({ outcomes: [accepted(record, 3)] });
    expect((await stored(conflict))?.resolved).toEqual({
      resolution: as,
      by: 'user:anna',
      at: expect.stringMatching(/Z$/),
      operation: `settles-${as}`,
    });
  });

  it('R5.2 settles it also if that changes nothing', async () => {
    const { conflict } = await openConflict();
    const result = await edit([item(record, { note: 'theirs' }, 2, { conflict, as: 'merged' })]);
    expect(result).toEqual({ outcomes: [accepted(record, 2)] });
    expect((await stored(conflict))?.resolved?.resolution).toBe('merged');
  });

  it('R5.2 and meets the next one, which takes the place of the first', async () => {
    const first = await openConflict();
    await edit([item(record, { note: 'theirs again' }, 2)], { user: 'ben' });
    const second = await conflictOf(
      [item(record, { note: 'mine' }, 2, { conflict: first.conflict, as: 'reapplied' })],
      {
        operation: 'meets-the-next',
      },
    );
    expect(second.conflict).not.toBe(first.conflict);
    expect((await stored(first.conflict))?.resolved).toMatchObject({
      resolution: 'superseded',
      operation: 'meets-the-next',
    });
    expect((await stored(second.conflict))?.resolved).toBeNull();
    const [row] = await sql('select superseded_by from conflicts where id = $1', [first.conflict]);
    expect(row).toEqual({ superseded_by: second.conflict });
  });

  it('leaves it open when it is refused for another reason', async () => {
    const { conflict } = await openConflict();
    const result = await edit([item(record, { assignee: 'nobody' }, 2, { conflict, as: 'merged' })]);
    expect(result).toEqual({ outcomes: [rejected(record, 'assignee-unknown')] });
    expect((await stored(conflict))?.resolved).toBeNull();
  });

  it('is refused when that is settled already, by an edit or without one', async () => {
    const { conflict } = await openConflict();
    await edit([item(record, { note: 'mine' }, 2, { conflict, as: 'reapplied' })]);
    const again = item(record, { note: 'once more' }, 3, { conflict, as: 'reapplied' });
    expect(await edit([again])).toEqual({ outcomes: [rejected(record, 'conflict-settled')] });
    // Also on an old version: nothing is written, no further conflict either.
    expect(await edit([{ ...again, baseVersion: 1 }])).toEqual({ outcomes: [rejected(record, 'conflict-settled')] });
    expect(await setup.recordRow(record)).toMatchObject({ version: 3, note: 'mine' });
    expect(await conflictCount()).toBe(1);
  });

  it.each([
    ['that nobody has', async () => ({ conflict: UNKNOWN, user: 'anna' })],
    ['of another person', async () => ({ conflict: (await openConflict()).conflict, user: 'ben' })],
    [
      'of another record',
      async () => {
        const { conflict } = await openConflict();
        record = await setup.addRecord();
        await edit([item(record, { note: 'theirs' })], { user: 'ben' });
        return { conflict, user: 'anna' };
      },
    ],
    [
      'of another workspace',
      async () => {
        const { conflict } = await openConflict();
        await sql('alter table conflicts disable trigger conflicts_refuse_rewrite');
        await sql('update conflicts set workspace_id = $1 where id = $2', [setup.otherWorkspace, conflict]);
        await sql('alter table conflicts enable trigger conflicts_refuse_rewrite');
        return { conflict, user: 'anna' };
      },
    ],
  ])('is refused for a conflict %s', async (_, given) => {
    const { conflict, user } = await given();
    const before = await setup.recordRow(record);
    const version = Number(before?.['version']);
    const result = await edit([item(record, { note: 'mine' }, version, { conflict, as: 'merged' })], { user });
    expect(result).toEqual({ outcomes: [rejected(record, 'conflict-not-found')] });
    expect(await setup.recordRow(record)).toEqual(before);
    const [row] = await sql('select resolution from conflicts where id = $1', [conflict]);
    expect(row?.['resolution'] ?? null).toBeNull();
  });

  it('is refused for the conflict of another record of the same edit', async () => {
    const { conflict } = await openConflict();
    const other = await setup.addRecord();
    const resolves = { conflict, as: 'merged' } as const;
    expect(await edit([item(record, { note: 'a' }, 2), item(other, { note: 'a' }, 1, resolves)])).toEqual({
      outcomes: [accepted(record, 3), rejected(other, 'conflict-not-found')],
    });
    expect((await stored(conflict))?.resolved).toBeNull();
  });

  it('R5.2 of two windows that resolve the same one does it, the other is told', async () => {
    const { conflict } = await openConflict();
    const results = await Promise.all(
      ['first', 'second'].map((note) => edit([item(record, { note }, 2, { conflict, as: 'merged' })])),
    );
    const outcomes = results.flatMap((result) => ('outcomes' in result ? result.outcomes : []));
    expect(outcomes.filter((one) => one.outcome === 'accepted')).toEqual([accepted(record, 3)]);
    expect(outcomes).toContainEqual(rejected(record, 'conflict-settled'));
  });
});

describe('an edit of a record that is not there', () => {
  it('R2.2 says that it was deleted, if it was once in this workspace', async () => {
    await sql('delete from records where id = $1', [record]);
    const foreign = await setup.addRecord({ workspace: setup.otherWorkspace });
    await sql('delete from records where id = $1', [foreign]);
    expect(
      await edit([item(record, { note: 'a' }), item(foreign, { note: 'a' }), item(2 ** 53 - 1, { note: 'a' })]),
    ).toEqual({
      outcomes: [
        rejected(record, 'record-deleted'),
        rejected(foreign, 'record-not-found'),
        rejected(2 ** 53 - 1, 'record-not-found'),
      ],
    });
    expect(await conflictCount()).toBe(0);
  });
});

describe('a record that another person holds', () => {
  const lock: RecordLock = {
    lock: UNKNOWN,
    records: [1],
    user: 'ben',
    instance: 'instance-of-ben',
    since: '2026-01-22T10:00:00.000Z',
    endsInMs: null,
  };
  const locked = () => ({ lockedByOthers: new Map([[record, lock]]) });

  it('R1.4 is not edited; the answer says who has it', async () => {
    const free = await setup.addRecord();
    expect(await edit([item(record, { note: 'a' }), item(free, { note: 'a' })], locked())).toEqual({
      outcomes: [{ ...rejected(record, 'record-locked'), lock }, accepted(free)],
    });
    expect(await setup.recordRow(record)).toMatchObject({ version: 1, note: null });
  });

  it('R1.4 comes before the version, but not before that it is gone', async () => {
    await edit([item(record, { note: 'theirs' })], { user: 'ben' });
    for (const version of [1, 99]) {
      expect(await edit([item(record, { note: 'a' }, version)], locked())).toMatchObject({
        outcomes: [{ code: 'record-locked' }],
      });
    }
    expect(await conflictCount()).toBe(0);
    await sql('delete from records where id = $1', [record]);
    expect(await edit([item(record, { note: 'a' })], locked())).toEqual({
      outcomes: [rejected(record, 'record-deleted')],
    });
  });

  it('R1.4 the retry of an edit from before the lock gets its first answer', async () => {
    const items = [item(record, { note: 'a' })];
    const first = await edit(items, { operation: 'before-the-lock' });
    expect(await edit(items, { operation: 'before-the-lock', ...locked() })).toEqual(first);
    expect(first).toEqual({ outcomes: [accepted(record)] });
  });

  it('R1.4 the retry of an edit it refused is refused again, also when the lock is gone', async () => {
    const items = [item(record, { note: 'a' })];
    const first = await edit(items, { operation: 'while-locked', ...locked() });
    expect(await edit(items, { operation: 'while-locked' })).toEqual(first);
    expect(await edit(items)).toEqual({ outcomes: [accepted(record)] });
  });

  it('does not keep the rest of its case from being done', async () => {
    const genomic = await setup.addRecord({ artDerDaten: 'G', caseId: 'held-half' });
    record = await setup.addRecord({ artDerDaten: 'C', caseId: 'held-half' });
    expect(await edit([item(genomic, { done: true })], locked())).toEqual({ outcomes: [accepted(genomic)] });
  });
});
