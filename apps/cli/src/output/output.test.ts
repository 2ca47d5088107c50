import type { AppliedChange, ConnectionState } from '@meldesync/client';
import { describe, expect, it } from 'vitest';
import { makeCase, makeMb, makeRecord } from '../../test/records.ts';
import { createTestTerminal } from '../../test/test-terminal.ts';
import { type CliContext, createContext } from '../context.ts';
import { createPeople } from '../session/people.ts';
import { describeCase } from './case-details.ts';
import { caseCells, caseColumns } from './case-table.ts';
import { changeToJson, describeChange } from './change-text.ts';
import { createConnectionTexts } from './connection-text.ts';
import { renderTable } from './table.ts';
import { textWidth } from './text.ts';

const context: CliContext = createContext(createTestTerminal([]));
const people = createPeople([{ id: 'u1', name: 'Person Eins', role: 'editor' }], context.t);

const genomic = { ...makeRecord(1, { caseId: 'F-10234', assignee: 'u1' }), mb: makeMb() };
const clinical = {
  ...makeRecord(2, { caseId: 'F-10234', note: 'Rückfrage\nan das GRZ \u001b[31m' }),
  mb: makeMb({ artDerDaten: 'C', leistungsdatum: '2024-07-02', qualitaetskontrolle: 0 }),
};
const pair = makeCase(genomic, clinical);

describe('the table of cases', () => {
  const lines = (width: number) =>
    renderTable(caseColumns(context, [pair]), [caseCells(pair, context, people)], context.style, width);

  it('has a row a case with both halves', () => {
    const [header, row] = lines(200);
    expect(header?.split(/\s{2,}/)).toEqual([
      'Fall',
      'Status',
      'Ind.',
      'Typ',
      'Genomisch',
      'Klinisch',
      'Bearbeiter',
      'Notiz',
      'Zuletzt',
    ]);
    expect(row).toMatch(
      /^F-10234 {2}○ nicht gültig {2}H {5}Erstmeldung {2}01\.07\.24 QC ✓ {2}02\.07\.24 QC ✗ {2}Person Eins/,
    );
    expect(row).toContain('Rückfrage an das GRZ');
    expect(row).not.toContain('\u001b');
  });

  it.each([40, 60, 80, 100, 140])('fits a terminal of %i columns', (width) => {
    for (const line of lines(width)) expect(textWidth(line)).toBeLessThanOrEqual(width);
    expect(lines(width)[1]).toContain('F-10234');
  });

  it('names a case without an id by the beginning of its Vorgangsnummer', () => {
    const single = makeCase({ ...makeRecord(3), mb: makeMb() });
    expect(caseCells(single, context, people)[0]).toBe('aaaaaaa300…');
  });
});

describe('the details of a case', () => {
  const text = describeCase(pair, context, people).join('\n');

  it('say each field in words', () => {
    expect(text).toContain('Fall F-10234 · vollständig, nicht gültig, nicht erledigt');
    expect(text).toMatch(/Typ der Meldung\s+Erstmeldung/);
    expect(text).toMatch(/Indikationsbereich\s+hereditäres Tumorprädispositionssyndrom/);
    expect(text).toMatch(/Leistungsdatum\s+01\.07\.2024/);
    expect(text).toContain(genomic.vorgangsnummer);
  });

  it('keep the lines of a note and nothing that steers the terminal', () => {
    expect(text).toMatch(/Notiz\s+Rückfrage\n\s+an das GRZ/);
    expect(text).not.toContain('\u001b');
  });
});

function changed(
  before: typeof genomic | undefined,
  after: typeof genomic | undefined,
  op: 'insert' | 'update' | 'delete',
) {
  const set = op === 'update' && after !== undefined ? { done: after.done, note: after.note } : {};
  const change = { record: 1, version: 2, op, set, by: 'user:u1', via: 'web', at: '2025-05-12T08:42:07Z' } as const;
  return { change, before, after, own: false } satisfies AppliedChange;
}

describe('a change', () => {
  const what = (applied: AppliedChange) => describeChange(applied, context, people).split('  ').slice(1);
  const done = { ...genomic, done: true, note: 'geprüft' };

  it('is one line: who, which record, what', () => {
    expect(what(changed(genomic, done, 'update'))).toEqual([
      'Person Eins',
      'Fall F-10234 · Genomisch · Datensatz 1',
      'Erledigt: nein → ja, Notiz: – → geprüft',
    ]);
    expect(what(changed(undefined, genomic, 'insert'))[2]).toBe('neu: Erstmeldung, 01.07.2024, QC ✓');
    expect(what(changed(genomic, undefined, 'delete'))[2]).toBe('gelöscht');
  });

  it('is whole for scripts', () => {
    expect(changeToJson(changed(genomic, done, 'update'), people)).toMatchObject({
      type: 'change',
      byName: 'Person Eins',
      caseId: 'F-10234',
      before: { done: false, note: null },
      after: { done: true, note: 'geprüft' },
    });
  });
});

describe('the connection (R4.1)', () => {
  const say = (states: readonly ConnectionState[]) => {
    const describeState = createConnectionTexts(
      context,
      () => 1284,
      () => 1_000,
    );
    return states.map((state) => describeState(state)?.replace(/^\S+ {2}/, ''));
  };

  it('says each new state once', () => {
    expect(
      say([
        { name: 'connecting' },
        { name: 'loading', loaded: 0, total: null },
        { name: 'loading', loaded: 500, total: 1284 },
        { name: 'live', roundTripMs: null },
        { name: 'live', roundTripMs: 12 },
        { name: 'reconnecting', attempt: 1, retryAt: 3_500, since: 900 },
        { name: 'reconnecting', attempt: 1, retryAt: 1_000, since: 900 },
        { name: 'live', roundTripMs: null },
      ]),
    ).toEqual([
      '○ Verbinde …',
      '○ Lade den Stand …',
      undefined,
      '● Live. 1.284 Datensätze.',
      undefined,
      '○ Verbindung unterbrochen; Versuch 1 in 2,5 s. Die Änderungen werden nachgeholt.',
      undefined,
      '● Wieder live. 1.284 Datensätze.',
    ]);
  });

  it('R4.3 says how old the state is while the service hears nothing, once', () => {
    const stale = { name: 'manual', attempt: 0, retryAt: 900, since: 900, isConnected: true } as const;
    const [, told, ...rest] = say([
      { name: 'live', roundTripMs: null },
      stale,
      stale,
      { name: 'live', roundTripMs: 1 },
    ]);
    expect(told).toMatch(
      /^○ Änderungen anderer kommen gerade nicht an; Stand \d\d:\d\d:\d\d\. Was fehlt, wird nachgeholt\.$/,
    );
    expect(rest).toEqual([undefined, '● Wieder live. 1.284 Datensätze.']);
  });
});
