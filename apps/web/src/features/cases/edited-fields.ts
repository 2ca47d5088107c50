import type { ClientRecord } from '@meldesync/client';

/** The fields people edit, in the order of the table. */
export const EDITED_FIELDS = ['caseId', 'done', 'assignee', 'note'] as const satisfies readonly (keyof ClientRecord)[];

export type EditedField = (typeof EDITED_FIELDS)[number];
