import type { EditOutcome } from '@meldesync/protocol';
import { sql } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';
import { type NewEvent, recordEvents } from '../administration/act.ts';
import type { EditRecordsInput } from '../edit-operation.ts';
import { authorOf } from './origin.ts';
import type { NewNotice } from './record-notices.ts';

/** So long an edit waits for the trail at most; the conflict itself is kept with the edit in any case. */
const TRAIL_WAITS_MS = 500;

/** An event of a conflict, of a workspace. */
export type ConflictEvent = NewEvent & {
  readonly kind: 'conflict-met' | 'conflict-resolved';
  readonly workspaceId: string;
  readonly subject: string;
};

type ConflictOutcome = Extract<EditOutcome, { outcome: 'conflict' }>;

/** What is on record of a conflict that an edit met: names of fields, not what they hold (R5.2). */
export function conflictMet(input: EditRecordsInput, outcome: ConflictOutcome): ConflictEvent {
  const { record, conflict, baseVersion, current, fields, overlaps } = outcome;
  const { via, operation } = input.actor;
  return {
    kind: 'conflict-met',
    workspaceId: input.workspaceId,
    subject: `conflict:${conflict}`,
    after: {
      records: [record],
      baseVersion,
      currentVersion: current.version,
      fields: fields.map(({ field }) => field),
      overlaps,
      operation,
      via,
    },
  };
}

/** What is on record of how a conflict ended. */
export function conflictResolved(settled: {
  readonly workspaceId: string;
  readonly conflict: string;
  readonly record: number;
  readonly resolution: string;
  readonly operation?: string;
  readonly supersededBy?: string | null;
}): ConflictEvent {
  const { workspaceId, conflict, record, resolution, operation, supersededBy } = settled;
  return {
    kind: 'conflict-resolved',
    workspaceId,
    subject: `conflict:${conflict}`,
    before: { records: [record] },
    after: { resolution, ...(operation !== undefined && { operation }), ...(supersededBy && { supersededBy }) },
  };
}

/**
 * Puts what became of conflicts on record with the edit, as the last it does: those that could not be recorded are returned. No trail
 * ends an edit: where it cannot be written, or not soon, the edit goes on, and who carries it out notes them afterwards.
 */
export async function recordConflicts(
  tx: Executor,
  input: EditRecordsInput,
  happened: readonly ConflictEvent[],
): Promise<readonly NewNotice[]> {
  if (happened.length === 0) return [];
  const author = authorOf(input.actor.userId, input.origin);
  // One message, and the end of the transaction releases it: each costs an edit that waits.
  await tx.execute(sql.raw(`savepoint trail; set local lock_timeout = ${TRAIL_WAITS_MS}`));
  try {
    await recordEvents(tx, author, happened);
    return [];
  } catch (error) {
    if (!input.onUnrecorded) throw error;
    await tx.execute(sql`rollback to savepoint trail`);
    return happened.map((event) => ({ ...author, before: null, after: null, ...event }));
  }
}
