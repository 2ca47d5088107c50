import { describe, expect, it } from 'vitest';
import { sampleRecord } from '../../../test/sample-record.ts';
import { type ConflictedEdit, createConflictQueue } from '../../sync/conflict-queue.ts';
import { reviveConflict } from '../../sync/revive-conflict.ts';
import { decideEdit, refusedByCode } from './decision.ts';

/** Anna's edit of a note that met Ben's. */
function conflictedEdit(record: number, caseId: string): ConflictedEdit {
  const now = { ...sampleRecord(record, caseId), version: 2, note: 'von Ben', updatedBy: 'user:ben' };
  return reviveConflict(
    {
      conflict: `00000000-0000-4000-8000-${String(record).padStart(12, '0')}`,
      record,
      by: 'user:anna',
      via: 'web',
      operation: 'operation-1',
      baseVersion: 1,
      currentVersion: 2,
      fields: [{ field: 'note', base: null, current: 'von Ben', attempted: 'von Anna' }],
      overlaps: true,
      at: now.updatedAt,
      resolved: null,
    },
    now,
  );
}

/** The refusal of a decision to set mine again. */
function refusalOf(edit: ConflictedEdit, code: 'record-locked' | 'unavailable') {
  const decision = decideEdit(edit, { note: 'mine' });
  if (decision.settledBy !== 'edit') throw new Error('It must need an edit.');
  return { intent: decision.intent, code };
}

describe('refused decisions (R2.2)', () => {
  it('stay together as they were decided, one conflict for each reason', () => {
    const [genomic, clinical, other] = [
      conflictedEdit(1, 'F-1'),
      conflictedEdit(2, 'F-1'),
      conflictedEdit(3, 'F-2'),
    ] as const;
    const refused = [
      refusalOf(genomic, 'record-locked'),
      refusalOf(other, 'unavailable'),
      refusalOf(clinical, 'record-locked'),
    ];
    const queue = createConflictQueue();
    for (const [code, edits] of refusedByCode(refused, [genomic, clinical, other])) queue.add(edits, code);
    expect(queue.getSnapshot().open.map(({ edits, attempt }) => [edits.map(({ seen }) => seen.id), attempt])).toEqual([
      [[1, 2], 'record-locked'],
      [[3], 'unavailable'],
    ]);
  });
});
