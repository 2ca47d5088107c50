import { type Database, editRecords } from '@meldesync/db';
import { normalisePatch } from '@meldesync/domain';
import type { EditItem, EditOutcome, ErrorCode } from '@meldesync/protocol';

export interface EditRequest {
  readonly workspaceId: string;
  readonly userId: string;
  readonly via: 'web' | 'cli' | 'api';
  readonly operation: string;
  readonly items: readonly EditItem[];
  readonly traceparent?: string | undefined;
}

/**
 * The one way an edit takes, from WebSocket, HTTP and terminal alike. Answers with an outcome per item once they are
 * committed, or with the code for which the edit as a whole was refused.
 */
export async function performEdit(
  database: Database,
  request: EditRequest,
): Promise<{ outcomes: EditOutcome[] } | { refused: ErrorCode }> {
  const ids = new Set(request.items.map((item) => item.record));
  if (ids.size !== request.items.length) return { refused: 'invalid-field' };
  const items: EditItem[] = [];
  for (const item of request.items) {
    const normalised = normalisePatch(item.set);
    if (!normalised.ok) return { refused: 'invalid-field' };
    items.push({ ...item, set: normalised.patch });
  }
  return editRecords(database, {
    workspaceId: request.workspaceId,
    actor: {
      userId: request.userId,
      via: request.via,
      operation: request.operation,
      traceparent: request.traceparent,
    },
    items,
  });
}
