import { describe, expect, it } from 'vitest';
import { sampleRecord } from '../../test/sample-record.ts';
import { type ConflictedEdit, createConflictQueue } from './conflict-queue.ts';

/** An edit of a note that met Ben's. */
function conflictedEdit(id: number, caseId: string | null, current = 'von Ben'): ConflictedEdit {
  const seen = sampleRecord(id, caseId);
  const { mb: _mb, ...record } = seen;
  return {
    seen,
    set: { note: 'von Anna' },
    outcome: {
      record: id,
      outcome: 'conflict',
      baseVersion: 1,
      current: { ...record, version: 2, note: current, updatedBy: 'user:ben' },
      conflict: `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`,
      fields: [
        {
          field: 'note',
          base: null,
          current,
          attempted: 'von Anna',
          changed: { by: 'user:ben', at: record.updatedAt, version: 2 },
        },
      ],
      overlaps: true,
    },
  };
}

describe('conflict queue (R2.2)', () => {
  it('has both halves of a case decided together when they met the same', () => {
    const queue = createConflictQueue();
    queue.add([
      conflictedEdit(1, 'F-1'),
      conflictedEdit(2, 'F-1'),
      conflictedEdit(3, 'F-2'),
      conflictedEdit(4, 'F-2', 'anders'),
    ]);
    expect(queue.getSnapshot().open.map(({ edits }) => edits.map(({ seen }) => seen.id))).toEqual([[1, 2], [3], [4]]);
  });

  it('never puts records without a case id together', () => {
    const queue = createConflictQueue();
    queue.add([conflictedEdit(1, null), conflictedEdit(2, null)]);
    expect(queue.getSnapshot().open).toHaveLength(2);
  });

  it('counts what was decided until it is empty', () => {
    const queue = createConflictQueue();
    queue.add([conflictedEdit(1, 'F-1'), conflictedEdit(3, 'F-2')]);
    queue.take('first');
    expect(queue.getSnapshot()).toMatchObject({ decided: 1, open: [{ attempt: 'none' }] });
    queue.take('first');
    expect(queue.getSnapshot()).toEqual({ open: [], decided: 0, isPutOff: false, isAskedFor: false });
  });

  it('asks next about a decision that met a newer change, never in place of the one being decided', () => {
    const queue = createConflictQueue();
    queue.add([conflictedEdit(1, 'F-1'), conflictedEdit(3, 'F-2'), conflictedEdit(5, 'F-3')]);
    queue.take('first');
    queue.add([conflictedEdit(1, 'F-1', 'noch einmal')], 'conflict');
    const { open, decided } = queue.getSnapshot();
    expect(open.map(({ edits, attempt }) => [edits[0].seen.id, attempt])).toEqual([
      [3, 'none'],
      [1, 'conflict'],
      [5, 'none'],
    ]);
    expect(decided).toBe(0);
  });

  it('loses nothing by being put off; one that comes then is asked first, because nobody is deciding', () => {
    const queue = createConflictQueue();
    queue.add([conflictedEdit(1, 'F-1'), conflictedEdit(3, 'F-2')]);
    queue.putOff();
    expect(queue.getSnapshot()).toMatchObject({ isPutOff: true, isAskedFor: false, open: [{}, {}] });
    queue.resume();
    expect(queue.getSnapshot()).toMatchObject({ isPutOff: false, isAskedFor: true, open: [{}, {}] });
    queue.putOff();
    queue.add([conflictedEdit(5, 'F-3')]);
    const { open, isPutOff, isAskedFor } = queue.getSnapshot();
    expect(open.map(({ edits }) => edits[0].seen.id)).toEqual([5, 1, 3]);
    expect({ isPutOff, isAskedFor }).toEqual({ isPutOff: false, isAskedFor: false });
  });

  it('takes what an earlier page left open once, behind the others, and not again what was decided here', () => {
    const queue = createConflictQueue();
    queue.add([conflictedEdit(1, 'F-1')]);
    queue.offer([conflictedEdit(1, 'F-1'), conflictedEdit(3, 'F-2')]);
    queue.offer([conflictedEdit(4, 'F-2')]);
    expect(queue.getSnapshot().open.map(({ edits }) => edits.map(({ seen }) => seen.id))).toEqual([[1], [3, 4]]);
    queue.take('all');
    queue.offer([conflictedEdit(1, 'F-1'), conflictedEdit(3, 'F-2')]);
    expect(queue.getSnapshot().open).toEqual([]);
  });

  it('asks once about an edit that is answered twice, also when the service told of its conflict first', () => {
    const queue = createConflictQueue();
    queue.offer([conflictedEdit(1, 'F-1')]);
    queue.add([conflictedEdit(1, 'F-1'), conflictedEdit(3, 'F-2')]);
    queue.add([conflictedEdit(3, 'F-2')]);
    expect(queue.getSnapshot().open.map(({ edits }) => edits.map(({ seen }) => seen.id))).toEqual([[1], [3]]);
    queue.take('all');
    queue.add([conflictedEdit(1, 'F-1')]);
    expect(queue.getSnapshot().open).toEqual([]);
    queue.add([conflictedEdit(1, 'F-1')], 'unavailable');
    expect(queue.getSnapshot().open).toHaveLength(1);
  });

  it('R5.5 lets go of what is about records that are gone, and of nothing else', () => {
    const queue = createConflictQueue();
    queue.add([conflictedEdit(1, 'F-1'), conflictedEdit(2, 'F-1'), conflictedEdit(3, 'F-2')]);
    queue.putOff();
    const before = queue.getSnapshot();
    queue.forget((record) => record > 3);
    expect(queue.getSnapshot()).toBe(before);
    queue.forget((record) => record === 1);
    expect(queue.getSnapshot().open.map(({ edits }) => edits.map(({ seen }) => seen.id))).toEqual([[2], [3]]);
    expect(queue.getSnapshot().isPutOff).toBe(true);
    queue.forget(() => true);
    expect(queue.getSnapshot()).toEqual({ open: [], decided: 0, isPutOff: false, isAskedFor: false });
  });

  it('tells its listeners, and keeps its snapshot until something changes', () => {
    const queue = createConflictQueue();
    let calls = 0;
    queue.subscribe(() => calls++);
    queue.add([]);
    expect(calls).toBe(0);
    queue.add([conflictedEdit(1, 'F-1')]);
    expect(calls).toBe(1);
    expect(queue.getSnapshot()).toBe(queue.getSnapshot());
  });
});
