import type { EditOutcome, RecordLock } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { makeRecord, toSynced } from '../../test/records.ts';
import { createTestTerminal } from '../../test/test-terminal.ts';
import { createContext, type GlobalOptions } from '../context.ts';
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
    expect(planEdit([target], ['F-1'], { done: true }, undefined)).toEqual({
      intents: [{ seen: open, set: { done: true } }],
      unchanged: [done],
    });
  });

  it('has each record once, however often it was named', () => {
    const again = { kind: 'record', record: open } as const;
    expect(
      planEdit([again, target], ['1', 'F-1'], { note: 'x' }, undefined).intents.map(({ seen }) => seen.id),
    ).toEqual([1, 2]);
  });

  it('takes a base version for one record, and lets the server decide', () => {
    expect(planEdit([{ kind: 'record', record: done }], ['2'], { done: true }, 4)).toEqual({
      intents: [{ seen: { ...done, version: 4 }, set: { done: true } }],
      unchanged: [],
    });
  });

  it('refuses a base version for several records', () => {
    expect(() => planEdit([target], ['F-1'], { done: true }, 4)).toThrowError(
      expect.objectContaining({ key: 'baseVersionNeedsOneRecord' }),
    );
  });

  it('refuses more than the server takes at once', () => {
    const records = Array.from({ length: 501 }, (_, index) => makeRecord(index + 1, { caseId: 'F-1' }));
    expect(() => planEdit([{ kind: 'case', caseId: 'F-1', records }], ['F-1'], { done: true }, undefined)).toThrowError(
      expect.objectContaining({ key: 'tooManyRecords', params: { count: 501, limit: 500 } }),
    );
  });
});

const accepted: EditOutcome = { record: 1, outcome: 'accepted', version: 4 };
const rejected: EditOutcome = { record: 1, outcome: 'rejected', code: 'case-not-complete' };
const forbidden: EditOutcome = { record: 1, outcome: 'rejected', code: 'forbidden' };
const lock: RecordLock = {
  lock: '5f0c9c1e-7d0a-4a57-9f0e-0d7c5a1b2c3d',
  records: [1],
  user: 'u2',
  instance: 'instance-2',
  since: '2025-05-12T08:42:07.000Z',
  endsInMs: null,
};
const locked: EditOutcome = { record: 1, outcome: 'rejected', code: 'record-locked', lock };
const CONFLICT_ID = '0b1f6a52-5d0e-4c0b-8f5e-3c1a7a9d2e41';
const CHANGED = { by: 'user:u1', at: '2025-05-12T08:42:07.000Z', version: 5 };
const conflict: EditOutcome = {
  record: 1,
  outcome: 'conflict',
  baseVersion: 3,
  current: toSynced(makeRecord(1, { caseId: 'F-1', version: 5, note: 'geprüft', done: true })),
  conflict: CONFLICT_ID,
  fields: [
    { field: 'note', base: null, current: 'geprüft', attempted: 'offen', changed: CHANGED },
    { field: 'done', base: false, current: true, changed: CHANGED },
    { field: 'assignee', base: null, current: null, attempted: 'u1' },
  ],
  overlaps: true,
};

describe('the exit code of an edit', () => {
  it.each([
    [[], 0],
    [[accepted], 0],
    [[accepted, rejected], 1],
    [[rejected, locked], 5],
    [[rejected, locked, forbidden], 4],
    [[forbidden, conflict, accepted], 3],
  ])('%j is %i', (outcomes, exitCode) => {
    expect(exitOfEdit(outcomes)).toBe(exitCode);
  });
});

const people = createPeople(
  [
    { id: 'u1', name: 'Person Eins', role: 'editor' },
    { id: 'u2', name: 'Person Zwei', role: 'editor' },
  ],
  createContext(createTestTerminal([])).t,
);
const seen = makeRecord(1, { caseId: 'F-1', version: 3 });
const set = { note: 'offen', assignee: 'u1' };

function say(outcome: EditOutcome, options: GlobalOptions = {}): { out: string; err: string } {
  const terminal = createTestTerminal([]);
  printOutcome({ seen, set, outcome }, createContext(terminal), people, options);
  return { out: terminal.out(), err: terminal.err() };
}

const toJson = (outcome: EditOutcome) =>
  outcomeToJson({ seen, set, outcome }, createContext(createTestTerminal([])), people);

describe('a conflict (R2.2)', () => {
  it('says who was first, and base, theirs and mine of each field', () => {
    const { out, err } = say(conflict);
    expect(out).toBe('');
    const [sentence, header, ...rows] = err.split('\n');
    const cells = (line: string | undefined) => line?.trim().split(/\s{2,}/);
    const byPerson = expect.stringMatching(/^Person Eins, /);
    expect(sentence).toContain('Fall F-1 · Genomisch · Datensatz 1: Konflikt. Person Eins hat');
    expect(sentence).toContain('jetzt Version 5, Ihre Änderung beruht auf Version 3');
    expect(cells(header)).toEqual(['Feld', 'Ihr Ausgangsstand', 'Aktuell', 'Ihre Änderung', 'Geändert von']);
    expect(cells(rows[0])).toEqual(['Erledigt', 'nein', 'ja', 'nicht geändert', byPerson]);
    expect(cells(rows[1])).toEqual(['Bearbeiter', '–', '–', 'Person Eins', '–']);
    expect(cells(rows[2])).toEqual(['Notiz', '–', 'geprüft', 'offen', byPerson]);
  });

  it('names the calls that go on, for the same server and workspace', () => {
    const { err } = say(conflict, { server: 'https://meldesync.example.org', workspace: "Klinik 'Nord'" });
    for (const way of ['--mine', '--theirs', '--set FIELD=VALUE', '--drop']) {
      const call = `meldesync resolve ${CONFLICT_ID} ${way} --server https://meldesync.example.org --workspace`;
      expect(err).toContain(String.raw`    ${call} 'Klinik '\''Nord'\'''`);
    }
  });

  it('says when nothing overlaps', () => {
    expect(say(conflict).err).not.toContain('verschiedene Felder');
    expect(say({ ...conflict, overlaps: false }).err).toContain('verschiedene Felder');
  });

  it('is whole for scripts', () => {
    expect(toJson(conflict)).toMatchObject({
      outcome: 'conflict',
      record: 1,
      caseId: 'F-1',
      baseVersion: 3,
      conflict: CONFLICT_ID,
      overlaps: true,
      current: { version: 5, note: 'geprüft', updatedByName: 'Person Eins' },
      attempted: set,
      fields: [
        { field: 'note', base: null, current: 'geprüft', attempted: 'offen', changed: { byName: 'Person Eins' } },
        { field: 'done', base: false, current: true, changed: CHANGED },
        { field: 'assignee', attempted: 'u1', changed: null },
      ],
    });
  });
});

describe('a locked case (R1.4)', () => {
  it('says who is editing it, since when', () => {
    expect(say(locked).err).toMatch(/Datensatz 1: Person Zwei bearbeitet Fall F-1 seit 12\.05\.25, \d\d:\d\d\.\n$/);
  });

  it('says when the lock may end', () => {
    const { err } = say({ ...locked, lock: { ...lock, endsInMs: 8_000 } });
    expect(err).toMatch(/die Sperre endet in [78] s, wenn sie nicht wiederkommt/);
  });

  it('is whole for scripts', () => {
    expect(toJson(locked)).toMatchObject({
      outcome: 'rejected',
      code: 'record-locked',
      lock: { user: 'u2', userName: 'Person Zwei', since: '2025-05-12T08:42:07.000Z', endsAt: null },
    });
  });
});
