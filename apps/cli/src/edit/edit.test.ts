import type { EditOutcome } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { makeRecord } from '../../test/records.ts';
import { createTestTerminal } from '../../test/test-terminal.ts';
import { createContext } from '../context.ts';
import { createPeople } from '../session/people.ts';
import { exitOfEdit, outcomeToJson, printOutcome } from './outcome.ts';
import { toPatch } from './patch.ts';
import { planEdit } from './plan.ts';

describe('the options of an edit', () => {
  it.each([
    [{ done: true }, { done: true }],
    [{ undone: true }, { done: false }],
    [{ caseId: ' F-1 ' }, { caseId: 'F-1' }],
    [
      { caseId: '', note: '', assignee: '' },
      { caseId: null, note: null, assignee: null },
    ],
    [
      { done: true, note: 'Rückfrage' },
      { done: true, note: 'Rückfrage' },
    ],
  ])('%j become %j', (options, patch) => {
    expect(toPatch(options, 'de')).toEqual(patch);
  });
});

describe('the plan of an edit', () => {
  const open = makeRecord(1, { caseId: 'F-1', version: 3 });
  const done = makeRecord(2, { caseId: 'F-1', version: 5, done: true });
  const target = { kind: 'case', caseId: 'F-1', records: [open, done] } as const;

  it('bases each item on the version just read (R2.5) and leaves alone what is as wanted', () => {
    expect(planEdit(target, 'F-1', { done: true }, undefined)).toEqual({
      items: [{ record: 1, baseVersion: 3, set: { done: true } }],
      unchanged: [done],
    });
  });

  it('takes a base version for one record, and lets the server decide', () => {
    expect(planEdit({ kind: 'record', record: done }, '2', { done: true }, 4)).toEqual({
      items: [{ record: 2, baseVersion: 4, set: { done: true } }],
      unchanged: [],
    });
  });

  it('refuses a base version for several records', () => {
    expect(() => planEdit(target, 'F-1', { done: true }, 4)).toThrowError(
      expect.objectContaining({ key: 'baseVersionNeedsOneRecord' }),
    );
  });

  it('refuses more than the server takes at once', () => {
    const records = Array.from({ length: 501 }, (_, index) => makeRecord(index + 1, { caseId: 'F-1' }));
    expect(() => planEdit({ kind: 'case', caseId: 'F-1', records }, 'F-1', { done: true }, undefined)).toThrowError(
      expect.objectContaining({ key: 'tooManyRecords', params: { count: 501, limit: 500 } }),
    );
  });
});

const accepted: EditOutcome = { record: 1, outcome: 'accepted', version: 4 };
const rejected: EditOutcome = { record: 1, outcome: 'rejected', code: 'case-not-complete' };
const forbidden: EditOutcome = { record: 1, outcome: 'rejected', code: 'forbidden' };
const { mb: _mb, ...current } = makeRecord(1, { caseId: 'F-1', version: 5, note: 'geprüft', done: true });
const conflict: EditOutcome = { record: 1, outcome: 'conflict', baseVersion: 3, current };

describe('the exit code of an edit', () => {
  it.each([
    [[], 0],
    [[accepted], 0],
    [[accepted, rejected], 1],
    [[rejected, forbidden], 4],
    [[forbidden, conflict, accepted], 3],
  ])('%j is %i', (outcomes, exitCode) => {
    expect(exitOfEdit(outcomes)).toBe(exitCode);
  });
});

describe('a conflict (R2.2)', () => {
  const people = createPeople(
    [{ id: 'u1', name: 'Person Eins', role: 'editor' }],
    createContext(createTestTerminal([])).t,
  );
  const record = makeRecord(1, { caseId: 'F-1', version: 3 });
  const item = { record: 1, baseVersion: 3, set: { note: 'offen', done: false } };

  it('says who was first and what stands against each field', () => {
    const terminal = createTestTerminal([]);
    printOutcome({ item, record, outcome: conflict }, createContext(terminal), people);
    expect(terminal.out()).toBe('');
    const [sentence, header, ...rows] = terminal.err().split('\n');
    expect(sentence).toContain('Fall F-1 · Genomisch · Datensatz 1: Konflikt. Person Eins hat');
    expect(sentence).toContain('jetzt Version 5, Ihre Änderung beruht auf Version 3');
    expect(header?.trim().split(/\s{2,}/)).toEqual(['Feld', 'Aktuell', 'Ihre Änderung']);
    expect(rows[0]?.trim().split(/\s{2,}/)).toEqual(['Notiz', 'geprüft', 'offen']);
    expect(rows[1]?.trim().split(/\s{2,}/)).toEqual(['Erledigt', 'ja', 'nein']);
    expect(terminal.err()).toContain('--base-version 5');
  });

  it('is whole for scripts', () => {
    expect(
      outcomeToJson({ item, record, outcome: conflict }, createContext(createTestTerminal([])), people),
    ).toMatchObject({
      outcome: 'conflict',
      record: 1,
      caseId: 'F-1',
      baseVersion: 3,
      current: { version: 5, note: 'geprüft', updatedByName: 'Person Eins' },
      attempted: { note: 'offen', done: false },
    });
  });
});
