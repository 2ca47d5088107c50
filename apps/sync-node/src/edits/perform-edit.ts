import type { EditRecordsInput, Origin } from '@meldesync/db';
import { normalisePatch } from '@meldesync/domain';
import type { EditItem, EditOutcome, ErrorCode, SessionLimits } from '@meldesync/protocol';
import type { EditWatch } from '../path/path-watch.ts';
import type { LockCheck } from './lock-check.ts';

/** What an edit is carried out with. */
export interface EditServices {
  readonly editRecords: (input: EditRecordsInput) => Promise<EditResult>;
  readonly locks: LockCheck;
  /** What became of conflicts is noted afterwards where it could not be put on record with the edit. */
  readonly onUnrecorded?: EditRecordsInput['onUnrecorded'];
}

export interface EditOrder {
  readonly workspaceId: string;
  readonly userId: string;
  /** Of the session that it comes in. */
  readonly limits?: SessionLimits | undefined;
  /** That session and the network address, for the trail. */
  readonly origin?: Origin | undefined;
  readonly via: 'web' | 'cli' | 'api';
  readonly operation: string;
  readonly items: readonly EditItem[];
  /** Follows it. */
  readonly watch?: Pick<EditWatch, 'traceparent' | 'stepped'>;
}

/** An outcome per item, committed; or the code for which the edit as a whole was refused. */
export type EditResult = { outcomes: EditOutcome[] } | { refused: ErrorCode };

/**
 * The one way an edit takes, from WebSocket, HTTP and terminal alike. A record that another person holds is `record-locked`
 * (R1.4), unless this is the retry of an edit that was answered already.
 */
export async function performEdit(
  { editRecords, locks, onUnrecorded }: EditServices,
  order: EditOrder,
): Promise<EditResult> {
  const ids = new Set(order.items.map((item) => item.record));
  if (ids.size !== order.items.length) return { refused: 'invalid-field' };
  const items: EditItem[] = [];
  for (const item of order.items) {
    const normalised = normalisePatch(item.set);
    if (!normalised.ok) return { refused: 'invalid-field' };
    items.push({ ...item, set: normalised.patch });
  }
  return editRecords({
    workspaceId: order.workspaceId,
    actor: {
      userId: order.userId,
      via: order.via,
      operation: order.operation,
      traceparent: order.watch?.traceparent,
    },
    limits: order.limits,
    origin: order.origin,
    onUnrecorded,
    items,
    onStep: order.watch?.stepped,
    // Redis is asked while Postgres claims the operation.
    lockedByOthers: locks.heldByOthers(order.workspaceId, [...ids], order.userId),
  });
}
