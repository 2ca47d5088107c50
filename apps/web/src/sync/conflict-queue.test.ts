import { describe, expect, it } from 'vitest';
import { sampleRecord } from '../../test/sample-record.ts';
import { type ConflictedEdit, createConflictQueue } from './conflict-queue.ts';

/** An edit of a note that met Ben's. */
function conflicted(id: number, caseId: string | null, current = 'von Ben'): ConflictedEdit {
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
    queue.add([conflicted(1, 'F-1'), conflicted(2, 'F-1'), conflicted(3, 'F-2'), conflicted(4, 'F-2', 'anders')]);
    expect(queue.getSnapshot().open.map(({ edits }) => edits.map(({ seen }) => seen.id))).toEqual([[1, 2], [3], [4]]);
  });

  it('never puts records without a case id together', () => {
    const queue = createConflictQueue();
    queue.add([conflicted(1, null), conflicted(2, null)]);
    expect(queue.getSnapshot().open).toHaveLength(2);
  });

  it('counts what was decided until it is empty', () => {
    const queue = createConflictQueue();
    queue.add([conflicted(1, 'F-1'), conflicted(3, 'F-2')]);
    queue.take('first');
    expect(queue.getSnapshot()).toMatchObject({ decided: 1, open: [{ attempt: 'none' }] });
    queue.take('first');
    expect(queue.getSnapshot()).toEqual({ open: [], decided: 0 });
  });

  it('asks again at once about a decision that met a newer change', () => {
    const queue = createConflictQueue();
    queue.add([conflicted(1, 'F-1'), conflicted(3, 'F-2')]);
    queue.take('first');
    queue.add([conflicted(1, 'F-1', 'noch einmal')], 'conflict');
    const { open, decided } = queue.getSnapshot();
    expect(open.map(({ edits, attempt }) => [edits[0].seen.id, attempt])).toEqual([
      [1, 'conflict'],
      [3, 'none'],
    ]);
    expect(decided).toBe(0);
  });

  it('tells its listeners, and keeps its snapshot until something changes', () => {
    const queue = createConflictQueue();
    let calls = 0;
    queue.subscribe(() => calls++);
    queue.add([]);
    expect(calls).toBe(0);
    queue.add([conflicted(1, 'F-1')]);
    expect(calls).toBe(1);
    expect(queue.getSnapshot()).toBe(queue.getSnapshot());
  });
});
