import type { ConflictPage, ResolutionRequest, StoredConflict } from '@meldesync/protocol';
import { and, desc, eq, isNull, type SQL, sql } from 'drizzle-orm';
import type { Executor } from '../connect.ts';
import { conflicts } from '../schema/index.ts';
import { isoTime } from './record-columns.ts';

/** Whose conflicts somebody may see: all of a workspace, or one person's. */
export interface ConflictScope {
  readonly workspaceId: string;
  /** Null for everyone's. */
  readonly ofUser: string | null;
}

export interface ListConflictsInput extends ConflictScope {
  readonly state: 'open' | 'all';
  readonly recordId: number | null;
  /** Id of a conflict: only those before it. */
  readonly before: string | null;
  readonly limit: number;
}

/** Conflicts, newest first; `next` goes on as `before`. Undefined when `before` names none in this scope. */
export async function listConflicts(executor: Executor, input: ListConflictsInput): Promise<ConflictPage | undefined> {
  let before: SQL | undefined;
  if (input.before !== null) {
    const [last] = await executor
      .select({ at: conflicts.at, id: conflicts.id })
      .from(conflicts)
      .where(and(inScope(input), eq(conflicts.id, input.before)));
    if (!last) return undefined;
    before = sql`(${conflicts.at}, ${conflicts.id}) < (${last.at}::timestamptz, ${last.id}::uuid)`;
  }
  const rows = await executor
    .select()
    .from(conflicts)
    .where(
      and(
        inScope(input),
        input.state === 'open' ? isNull(conflicts.resolution) : undefined,
        input.recordId === null ? undefined : eq(conflicts.recordId, input.recordId),
        before,
      ),
    )
    .orderBy(desc(conflicts.at), desc(conflicts.id))
    .limit(input.limit + 1);
  const page = rows.slice(0, input.limit).map(toStoredConflict);
  return { conflicts: page, next: rows.length > input.limit ? (page.at(-1)?.conflict ?? null) : null };
}

/** One conflict; undefined when it is not there or out of the scope. */
export async function getConflict(
  executor: Executor,
  scope: ConflictScope,
  conflictId: string,
): Promise<StoredConflict | undefined> {
  const [row] = await executor
    .select()
    .from(conflicts)
    .where(and(inScope(scope), eq(conflicts.id, conflictId)));
  return row && toStoredConflict(row);
}

export interface ResolveConflictInput extends ConflictScope {
  readonly conflictId: string;
  readonly resolution: ResolutionRequest['resolution'];
  /** User id of who resolves it. */
  readonly by: string;
}

/**
 * Settles an open conflict without a further edit (R5.2). One that is settled already stays as it is: the answer is
 * what it is now, and whether that is how it was to be. Undefined when it is not there or out of the scope.
 */
export async function resolveConflict(
  executor: Executor,
  input: ResolveConflictInput,
): Promise<{ conflict: StoredConflict; asWanted: boolean } | undefined> {
  await executor
    .update(conflicts)
    .set({ resolution: input.resolution, resolvedBy: input.by, resolvedAt: sql`clock_timestamp()` })
    .where(and(inScope(input), eq(conflicts.id, input.conflictId), isNull(conflicts.resolution)));
  const conflict = await getConflict(executor, input, input.conflictId);
  return conflict && { conflict, asWanted: conflict.resolved?.resolution === input.resolution };
}

function inScope({ workspaceId, ofUser }: ConflictScope): SQL | undefined {
  return and(eq(conflicts.workspaceId, workspaceId), ofUser === null ? undefined : eq(conflicts.userId, ofUser));
}

/** A conflict as it travels. */
export function toStoredConflict(row: typeof conflicts.$inferSelect): StoredConflict {
  return {
    conflict: row.id,
    record: row.recordId,
    by: `user:${row.userId}`,
    via: row.via,
    operation: row.operation,
    baseVersion: row.baseVersion,
    currentVersion: row.currentVersion,
    fields: row.fields,
    overlaps: row.overlaps,
    at: isoTime(row.at),
    resolved: toResolution(row),
  };
}

function toResolution(row: typeof conflicts.$inferSelect): StoredConflict['resolved'] {
  if (row.resolution === null || row.resolvedBy === null || row.resolvedAt === null) return null;
  return {
    resolution: row.resolution,
    by: `user:${row.resolvedBy}`,
    at: isoTime(row.resolvedAt),
    operation: row.resolvedOperation,
  };
}
