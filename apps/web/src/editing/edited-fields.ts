import type { ClientRecord } from '@meldesync/client';
import type { RecordPatch } from '@meldesync/protocol';

/** The fields people edit, in the order of the table. */
export const EDITED_FIELDS = ['caseId', 'done', 'assignee', 'note'] as const satisfies readonly (keyof ClientRecord)[];

/** Whether the patch would change anything about the record. */
export function differs(record: ClientRecord, patch: RecordPatch): boolean {
  return EDITED_FIELDS.some((field) => patch[field] !== undefined && patch[field] !== record[field]);
}
