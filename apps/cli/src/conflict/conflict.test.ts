import { type ConflictRow, conflictRows, settleConflict } from '@meldesync/client';
import type { ConflictField, StoredConflict } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { makeRecord } from '../../test/records.ts';
import { createTestTerminal } from '../../test/test-terminal.ts';
import { createContext } from '../context.ts';
import { createPeople } from '../session/people.ts';
import { chooseFields } from './choose.ts';
import { collectField, readFields } from './field-values.ts';
import { chooseMine, chooseValues, type WrittenCase } from './written-choices.ts';

const MEMBERS = [
  { id: 'u1', name: 'Person Eins', role: 'editor' },
  { id: 'u2', name: 'Person Zwei', role: 'editor' },
] as const;

const FIELDS: readonly ConflictField[] = [
  { field: 'note', base: null, current: 'theirs', attempted: 'mine' },
  { field: 'done', base: false, current: false, attempted: true },
  { field: 'assignee', base: null, current: 'u2' },
  { field: 'ibe', base: 'IBE+A+x', current: 'IBE+B+x' },
];

const STORED: StoredConflict = {
  conflict: '0b1f6a52-5d0e-4c0b-8f5e-3c1a7a9d2e41',
  record: 1,
  by: 'user:u1',
  via: 'cli',
  operation: 'operation-1',
  baseVersion: 1,
  currentVersion: 2,
  fields: [...FIELDS],
  overlaps: true,
  at: '2025-05-12T08:42:07.000Z',
  resolved: null,
};
const NOW = makeRecord(1, { caseId: 'F-1', note: 'theirs', assignee: 'u2', version: 2 });

describe('a decision without questions (R5.2)', () => {
  const settle = (written: WrittenCase) => settleConflict({ conflict: STORED.conflict, ...written });

  it('sets all that was attempted, over the version that the conflict told of', () => {
    expect(settle(chooseMine(STORED, NOW))).toMatchObject({
      settledBy: 'edit',
      intent: { seen: { version: 2 }, set: { note: 'mine', done: true }, resolves: { as: 'reapplied' } },
    });
  });

  it('is based on that version even when the record has moved on, so that nothing unseen is overwritten (R2.1)', () => {
    const moved = { ...NOW, note: 'mine', version: 3 };
    expect(settle(chooseMine(STORED, moved))).toMatchObject({
      intent: { seen: { version: 2 }, set: { note: 'mine', done: true } },
    });
  });

  it('sets what was written down, of any field', () => {
    expect(settle(chooseValues(STORED, NOW, { note: 'both' }))).toMatchObject({
      intent: { set: { note: 'both' }, resolves: { as: 'merged' } },
    });
    expect(settle(chooseValues(STORED, NOW, { caseId: 'F-2' }))).toMatchObject({
      intent: { set: { caseId: 'F-2' }, resolves: { as: 'merged' } },
    });
    expect(settle(chooseValues(STORED, NOW, { note: 'mine', done: true }))).toMatchObject({
      intent: { resolves: { as: 'reapplied' } },
    });
  });

  it('needs no edit when everything already is so', () => {
    expect(settle(chooseValues(STORED, NOW, { note: 'theirs' }))).toEqual({
      settledBy: 'resolution',
      resolution: 'kept-theirs',
    });
  });
});

describe('--set', () => {
  const collect = (...values: string[]) =>
    values.reduce<ReturnType<typeof collectField> | undefined>(
      (before, value) => collectField(value, before),
      undefined,
    );
  const read = (...values: string[]) => readFields(collect(...values) ?? [], MEMBERS, 'u1', 'de');

  it.each([
    [['note=a=b'], { note: 'a=b' }],
    [['note='], { note: null }],
    [['case-id= F-1 ', 'done=yes'], { caseId: 'F-1', done: true }],
    [['caseId=F-1', 'done=nein'], { caseId: 'F-1', done: false }],
    [['assignee=me'], { assignee: 'u1' }],
    [['assignee=person zwei'], { assignee: 'u2' }],
    [['assignee='], { assignee: null }],
    [['note=first', 'note=last'], { note: 'last' }],
  ])('%j is %j', (values, patch) => {
    expect(read(...values)).toEqual(patch);
  });

  it.each([
    ['ibe=x', 'invalidOptionValue'],
    ['note', 'invalidOptionValue'],
    ['=x', 'invalidOptionValue'],
    ['done=perhaps', 'invalidFieldValue'],
    ['assignee=Niemand', 'assigneeUnknown'],
    [`note=${'x'.repeat(2001)}`, 'fieldRefused'],
  ])('%s is refused', (value, key) => {
    expect(() => read(value)).toThrowError(expect.objectContaining({ key }));
  });
});

describe('the choice of a person, field by field', () => {
  async function choose(rows: readonly ConflictRow[], ...answers: string[]) {
    const terminal = createTestTerminal([], { answers });
    const context = createContext(terminal);
    const people = createPeople(MEMBERS, context.t);
    const choices = await chooseFields(context, { rows, members: MEMBERS, people, me: 'u1' });
    return { choices, err: terminal.err() };
  }
  const rows = conflictRows(FIELDS);

  it('asks only where something is left to choose', async () => {
    const { choices, err } = await choose(rows, '2', '1');
    expect(choices).toEqual({ done: 'mine', note: 'theirs' });
    expect(err.match(/Was soll gelten/g)).toHaveLength(2);
  });

  it('takes another value', async () => {
    expect((await choose(rows, '1', '3', 'both')).choices).toEqual({ done: 'theirs', note: { value: 'both' } });
  });

  it('asks again for what it does not understand or cannot take', async () => {
    const { choices, err } = await choose(rows, 'x', '3', '2', '3', 'x'.repeat(2001), '1');
    expect(choices).toEqual({ done: 'mine', note: 'theirs' });
    expect(err).toContain('2001');
  });

  it('decides nothing on Ctrl-C', async () => {
    await expect(choose(rows, '2', '\u0003')).rejects.toMatchObject({ key: 'interrupted' });
  });

  it('has nothing to ask when the record has become what was wanted', async () => {
    const { choices, err } = await choose(conflictRows(FIELDS, { ...NOW, note: 'mine', done: true }));
    expect(choices).toEqual({});
    expect(err).toContain('schon so');
  });
});
