import { BLANK_CONTENT } from '@meldesync/domain';
import type { ConflictField } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { setUpClient } from '../../test/client-setup.ts';
import type { ClientRecord } from '../types/records.ts';
import { conflictRows } from './conflict-rows.ts';
import { type ConflictChoices, settleConflict } from './settle-conflict.ts';

const CONFLICT = '0190c2d4-7a52-7d2f-9d8e-3f6a1c9b2e11';
const changed = { by: 'user:b', at: '2026-01-02T00:00:00.000Z', version: 5 };

/** The note was changed by both, done by me alone, the case id by them alone, and an import replaced the segment. */
const FIELDS: readonly ConflictField[] = [
  { field: 'ibe', base: 'IBE+1', current: 'IBE+2', changed: { ...changed, by: 'db:importer' } },
  { field: 'note', base: 'a', current: 'theirs', attempted: 'mine', changed },
  { field: 'done', base: false, current: false, attempted: true },
  { field: 'caseId', base: null, current: 'F-1', changed },
];

const NOW: ClientRecord = {
  id: 7,
  version: 5,
  vorgangsnummer: 'ab'.repeat(32),
  ibe: 'IBE+2',
  ...BLANK_CONTENT,
  caseId: 'F-1',
  note: 'theirs',
  updatedAt: changed.at,
  updatedBy: changed.by,
  mb: null,
};

const settle = (choices: ConflictChoices, fields = FIELDS, seen = NOW) =>
  settleConflict({ conflict: CONFLICT, rows: conflictRows(fields, seen), choices, seen });
const edit = (set: object, as: 'reapplied' | 'merged', seen = NOW) => ({
  settledBy: 'edit',
  intent: { seen, set, resolves: { conflict: CONFLICT, as } },
});
const KEPT = { settledBy: 'resolution', resolution: 'kept-theirs' };

describe('conflict rows', () => {
  it('R2.2 put base, theirs and mine side by side and say who, when, and what overlaps', () => {
    const none = { by: null, at: null };
    const them = { by: 'user:b', at: changed.at };
    expect(conflictRows(FIELDS)).toEqual([
      { field: 'caseId', base: null, current: 'F-1', attempted: null, isAttempted: false, overlaps: false, ...them },
      { field: 'done', base: false, current: false, attempted: true, isAttempted: true, overlaps: false, ...none },
      { field: 'note', base: 'a', current: 'theirs', attempted: 'mine', isAttempted: true, overlaps: true, ...them },
      {
        field: 'ibe',
        base: 'IBE+1',
        current: 'IBE+2',
        attempted: 'IBE+1',
        isAttempted: false,
        overlaps: false,
        by: 'db:importer',
        at: changed.at,
      },
    ]);
  });

  it('show what has changed since the conflict, by the latest change', () => {
    const now = { ...NOW, done: true, note: 'newer', version: 6, updatedBy: 'user:c', updatedAt: 'later' };
    const rows = conflictRows(FIELDS, now);
    expect(rows.find(({ field }) => field === 'note')).toMatchObject({ current: 'newer', by: 'user:c', at: 'later' });
    // Someone has set what was wanted: nothing has to go.
    expect(rows.find(({ field }) => field === 'done')).toMatchObject({ current: true, overlaps: false });
    expect(rows.find(({ field }) => field === 'caseId')).toMatchObject({ by: 'user:b' });
  });
});

describe('a conflict is settled', () => {
  it('R5.2 by reapplying all that was attempted', () => {
    expect(settle({ note: 'mine', done: 'mine' })).toEqual(edit({ note: 'mine', done: true }, 'reapplied'));
  });

  it('R5.2 by merging some of it', () => {
    expect(settle({ note: 'theirs', done: 'mine' })).toEqual(edit({ done: true }, 'merged'));
    expect(settle({ note: { value: 'both' }, done: 'mine' })).toEqual(edit({ note: 'both', done: true }, 'merged'));
    expect(settle({ note: 'mine', done: 'mine', caseId: { value: null } })).toEqual(
      edit({ note: 'mine', done: true, caseId: null }, 'merged'),
    );
  });

  it('R5.2 without writing when nothing of it is left to write', () => {
    expect(settle({ note: 'theirs', done: 'theirs' })).toEqual(KEPT);
    expect(settle({})).toEqual(KEPT);
    expect(settle({ note: { value: 'theirs' } })).toEqual(KEPT);
  });

  it('as reapplied when a value typed anew is what was attempted, or was set by someone meanwhile', () => {
    expect(settle({ note: { value: 'mine' }, done: 'mine' })).toEqual(edit({ note: 'mine', done: true }, 'reapplied'));
    const now = { ...NOW, done: true };
    expect(settle({ note: 'mine', done: 'mine' }, FIELDS, now)).toEqual(edit({ note: 'mine' }, 'reapplied', now));
  });

  it('leaves alone what the person left alone, and what cannot be set', () => {
    expect(settle({ caseId: 'mine', ibe: 'mine' })).toEqual(KEPT);
    expect(settle({ ibe: { value: 'IBE+9' } })).toEqual(KEPT);
  });

  it('R2.1 R2.2 from the outcome of an edit, end to end', async () => {
    const { node, client, run, goLive } = setUpClient();
    node.commit([{ op: 'insert', caseId: 'F-1', art: 'G', day: 1 }]);
    node.publish();
    client.start();
    await goLive();
    const seen = client.optimistic.get(1);
    if (!seen) throw new Error('The record must be there.');
    node.commit([{ op: 'update', pick: 0, set: { note: 'theirs' } }]);
    const sent = client.optimistic.submit([{ seen, set: { done: true } }]);
    node.publish();
    await run();
    const [refused] = await sent;
    const now = client.optimistic.get(1);
    if (refused?.outcome.outcome !== 'conflict' || !now) throw new Error('It must be a conflict.');
    expect(refused.outcome.overlaps).toBe(false);
    const decision = settleConflict({
      conflict: refused.outcome.conflict,
      rows: conflictRows(refused.outcome.fields, now),
      choices: { done: 'mine' },
      seen: now,
    });
    if (decision.settledBy !== 'edit') throw new Error('It must need an edit.');
    expect(decision.intent.resolves?.as).toBe('reapplied');
    const settled = client.optimistic.submit([decision.intent]);
    await run();
    node.publish();
    await run();
    await expect(settled).resolves.toMatchObject([{ outcome: { outcome: 'accepted' } }]);
    expect(client.store.get(1)).toMatchObject({ note: 'theirs', done: true, version: 3 });
  });
});
