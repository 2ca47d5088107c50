import { sampleRecord } from '../../test/sample-record.ts';
import type { ConflictedEdit } from './conflict-queue.ts';

/** An edit of a note that met Ben's. */
export function conflictedEdit(id: number, caseId: string | null, current = 'von Ben'): ConflictedEdit {
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
