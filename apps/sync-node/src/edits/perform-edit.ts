import { type Database, editRecords } from '@meldesync/db';
import { normalisePatch } from '@meldesync/domain';
import type { EditItem, EditOutcome, ErrorCode } from '@meldesync/protocol';
import type { LockCheck } from './lock-check.ts';

/** What an edit is carried out with. */
export interface EditServices {
  readonly database: Database;
  readonly locks: LockCheck;
}

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
 * committed, or with the code for which the edit as a whole was refused. A record that another person holds is
 * `record-locked` (R1.4), unless this is the retry of an edit that was answered already.
 */
export async function performEdit(
  { database, locks }: EditServices,
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
    // Redis is asked while Postgres claims the operation.
    lockedByOthers: locks.heldByOthers(request.workspaceId, [...ids], request.userId),
  });
}
