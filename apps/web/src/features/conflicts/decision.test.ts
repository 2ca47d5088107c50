import { describe, expect, it } from 'vitest';
import { createConflictQueue } from '../../sync/conflict-queue.ts';
import { conflictedEdit } from '../../sync/sample-conflict.ts';
import { decideEdit, refusedByCode } from './decision.ts';

/** The refusal of a decision to set mine again. */
function refusalOf(edit: ReturnType<typeof conflictedEdit>, code: 'record-locked' | 'unavailable') {
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
