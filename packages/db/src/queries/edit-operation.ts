import type { EditItem, EditOutcome, ErrorCode, Role } from '@meldesync/protocol';
import { and, eq, sql } from 'drizzle-orm';
import type { Executor } from '../connect.ts';
import { editOperations } from '../schema/index.ts';
import { type Actor, actorSettings } from './actor.ts';

export interface EditRecordsInput {
  readonly workspaceId: string;
  readonly actor: Actor & { readonly operation: string };
  /** At most one item a record. Patches are normalised already. */
  readonly items: readonly EditItem[];
}

/** The whole edit was refused. */
export type EditRefusal = Extract<ErrorCode, 'workspace-not-found' | 'forbidden'>;

/**
 * Checks the role, names the actor and claims the operation id, in one round trip. Undefined when the operation is
 * new and this transaction carries it out; a retry that runs at the same time waits here for the first to end.
 */
export async function claimOperation(
  tx: Executor,
  { workspaceId, actor, items }: EditRecordsInput,
): Promise<{ refused: EditRefusal } | { outcomes: EditOutcome[] } | undefined> {
  const claim = await tx.execute<{ role: Role | null; claimed: boolean }>(sql`
    with held as (
      select role from members where workspace_id = ${workspaceId}::uuid and user_id = ${actor.userId}
    ), claimed as (
      insert into edit_operations (workspace_id, operation, user_id, items)
      select ${workspaceId}::uuid, ${actor.operation}, ${actor.userId}, ${JSON.stringify(items)}::jsonb
      from held where role <> 'viewer'
      on conflict do nothing returning true
    )
    select (select role from held) as role, exists (select from claimed) as claimed, ${actorSettings(actor)}`);
  const [row] = claim.rows;
  if (!row?.role) return { refused: 'workspace-not-found' };
  if (row.role === 'viewer') return { refused: 'forbidden' };
  return row.claimed ? undefined : { outcomes: await firstAnswer(tx, { workspaceId, actor, items }) };
}

/** Keeps the answer for a retry. */
export async function keepAnswer(tx: Executor, input: EditRecordsInput, outcomes: EditOutcome[]): Promise<void> {
  await tx.update(editOperations).set({ outcomes }).where(isOperation(input));
}

/** An item of which nothing was written. */
export function rejected(item: EditItem, code: ErrorCode): EditOutcome {
  return { record: item.record, outcome: 'rejected', code };
}

async function firstAnswer(tx: Executor, input: EditRecordsInput): Promise<EditOutcome[]> {
  const [row] = await tx
    .select({
      outcomes: editOperations.outcomes,
      same: sql<boolean>`${editOperations.userId} = ${input.actor.userId}
        and ${editOperations.items} = ${JSON.stringify(input.items)}::jsonb`,
    })
    .from(editOperations)
    .where(isOperation(input));
  if (!row?.same || row.outcomes === null) return input.items.map((item) => rejected(item, 'operation-reused'));
  return row.outcomes as EditOutcome[];
}

function isOperation({ workspaceId, actor }: EditRecordsInput) {
  return and(eq(editOperations.workspaceId, workspaceId), eq(editOperations.operation, actor.operation));
}
