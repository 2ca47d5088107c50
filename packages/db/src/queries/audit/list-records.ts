import { type SQL, sql } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';
import type { AuditView } from './list-view.ts';

/** The records that a filter names, by id or by a case that they are or were in; undefined where it names none. */
export async function recordsOfView(executor: Executor, view: AuditView): Promise<number[] | undefined> {
  const { record, case: caseId } = view.filter;
  if (caseId === undefined) return record === undefined ? undefined : [record];
  const inCase = await recordsOfCase(executor, view.workspaceId, caseId);
  return record === undefined ? inCase : inCase.filter((id) => id === record);
}

/**
 * All records that are or were in a case, by id, also those that were deleted. One that is no longer in it has a change that says what
 * it was in before.
 */
export async function recordsOfCase(
  executor: Executor,
  workspaceId: string | null,
  caseId: string,
): Promise<number[]> {
  const inWorkspace = (column: SQL) => (workspaceId === null ? sql`true` : sql`${column} = ${workspaceId}::uuid`);
  const { rows } = await executor.execute<{ id: string }>(sql`
    select r.id from records r where r.case_id = ${caseId} and ${inWorkspace(sql`r.workspace_id`)}
    union
    select c.record_id from changes c where c.before ->> 'caseId' = ${caseId} and ${inWorkspace(sql`c.workspace_id`)}
    order by id`);
  return rows.map(({ id }) => Number(id));
}
