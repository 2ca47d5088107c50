import type { ConflictPage } from '@meldesync/protocol';
import type { Database } from '../../connect.ts';
import type { Author } from '../administration/act.ts';
import { type ListConflictsInput, listConflicts } from '../conflicts.ts';
import { recordLook } from './list-act.ts';

/**
 * Conflicts of everybody, for who looks into them as into the trail; that they did is on record in the same transaction, with the first
 * page. Undefined when `before` names none.
 */
export async function readConflicts(
  database: Database,
  { author, ...input }: Omit<ListConflictsInput, 'ofUser'> & { readonly author: Author },
): Promise<ConflictPage | undefined> {
  return database.drizzle.transaction(async (tx) => {
    if (input.before === null)
      await recordLook(tx, {
        author,
        kind: 'audit-read',
        workspaceId: input.workspaceId,
        after: {
          filter: { groups: ['conflict'], ...(input.recordId === null ? {} : { record: input.recordId }) },
        },
      });
    return listConflicts(tx, { ...input, ofUser: null });
  });
}
