import {
  type EditItem,
  type EditOutcome,
  type ErrorCode,
  limitedRole,
  type RecordLock,
  type Role,
  roleAllows,
  type SessionLimits,
} from '@meldesync/protocol';
import { and, eq, sql } from 'drizzle-orm';
import type { Executor } from '../connect.ts';
import { editOperations, members, user, workspaces } from '../schema/index.ts';
import { type Actor, actorSettings } from './actor.ts';
import type { Origin } from './audit/origin.ts';
import type { NewNotice } from './audit/record-notices.ts';
import { mayBeAssigned, membershipCounts } from './counting-membership.ts';
import { namedIn } from './judge-edit.ts';

export interface EditRecordsInput {
  readonly workspaceId: string;
  readonly actor: Actor & { readonly operation: string; readonly via: 'web' | 'cli' | 'api' };
  /** What the session may be used for in which it is done; without limits for all that its account may. */
  readonly limits?: SessionLimits | undefined;
  /** At most one item a record. Patches are normalised already. */
  readonly items: readonly EditItem[];
  /**
   * Locks of other persons by record id: items on those records are refused (R1.4). None when absent. A promise of them
   * must not reject; it is awaited when the operation is claimed.
   */
  readonly lockedByOthers?: ReadonlyMap<number, RecordLock> | Promise<ReadonlyMap<number, RecordLock>>;
  /** Where it comes from, for the trail. */
  readonly origin?: Origin | undefined;
  /** It was carried out, and what became of its conflicts could not be put on record with it. Without it such an edit fails. */
  readonly onUnrecorded?: ((notices: readonly NewNotice[]) => void) | undefined;
  /** A step of the transaction is over. Where it had to begin again, so do they. */
  readonly onStep?: ((step: EditStep) => void) | undefined;
}

/**
 * The steps of an edit in their order: a connection has begun the transaction, the operation is claimed, it is known what becomes of
 * each item under the records' locks, all of it is written, and committed.
 */
export type EditStep = 'begin' | 'claim' | 'judge' | 'write' | 'commit';

/** The whole edit was refused. */
export type EditRefusal = Extract<ErrorCode, 'workspace-not-found' | 'forbidden'>;

export type OperationClaim =
  | { readonly claim: 'refused'; readonly refused: EditRefusal }
  | { readonly claim: 'answered'; readonly outcomes: EditOutcome[] }
  /** This transaction carries it out. `assignable`: to which of the people it names records can be assigned. */
  | { readonly claim: 'new'; readonly assignable: ReadonlySet<string> };

/**
 * Checks the role, names the actor and claims the operation id, in one round trip. A retry that runs at the same time
 * waits here for the first to end, and gets its answer.
 */
export async function claimOperation(tx: Executor, input: EditRecordsInput): Promise<OperationClaim> {
  const { workspaceId, actor, items, limits } = input;
  const most = limits ? limitedRole('admin', workspaceId, limits) : 'admin';
  if (!most) return { claim: 'refused', refused: 'workspace-not-found' };
  if (!roleAllows(most, 'editor')) return { claim: 'refused', refused: 'forbidden' };
  const named = sql.param([...new Set(items.flatMap(namedIn))]);
  const claim = await tx.execute<{ role: Role | null; claimed: boolean; assignable: string[] }>(sql`
    with held as (
      select ${members.role} from ${members}
      join ${workspaces} on ${workspaces.id} = ${members.workspaceId} and ${workspaces.archivedAt} is null
      join ${user} on ${user.id} = ${members.userId} and ${user.disabledAt} is null
      where ${members.workspaceId} = ${workspaceId}::uuid and ${members.userId} = ${actor.userId} and ${membershipCounts}
    ), claimed as (
      insert into edit_operations (workspace_id, operation, user_id, items)
      select ${workspaceId}::uuid, ${actor.operation}, ${actor.userId}, ${JSON.stringify(items)}::jsonb
      from held where role in ('editor', 'admin')
      on conflict do nothing returning true
    )
    select (select role from held) as role, exists (select from claimed) as claimed,
      array(
        select ${members.userId} from ${members} join ${user} on ${user.id} = ${members.userId}
        where ${members.workspaceId} = ${workspaceId}::uuid and ${members.userId} = any(${named}::text[]) and ${mayBeAssigned}
      ) as assignable,
      ${actorSettings(actor)}`);
  const [row] = claim.rows;
  if (!row?.role) return { claim: 'refused', refused: 'workspace-not-found' };
  if (!roleAllows(row.role, 'editor')) return { claim: 'refused', refused: 'forbidden' };
  if (!row.claimed) return { claim: 'answered', outcomes: await firstAnswer(tx, input) };
  return { claim: 'new', assignable: new Set(row.assignable) };
}

/** The version that the first item of an operation was based on; undefined where the person has sent none of that id. */
export async function operationBase(
  executor: Executor,
  { workspaceId, operation, userId }: { workspaceId: string; operation: string; userId: string },
): Promise<number | undefined> {
  const [row] = await executor
    .select({ base: sql<number | null>`(${editOperations.items} -> 0 ->> 'baseVersion')::int` })
    .from(editOperations)
    .where(
      and(
        eq(editOperations.workspaceId, workspaceId),
        eq(editOperations.operation, operation),
        eq(editOperations.userId, userId),
      ),
    );
  return row?.base ?? undefined;
}

/** An item of which nothing was written. */
export function rejected(item: EditItem, code: ErrorCode, lock?: RecordLock): EditOutcome {
  return { record: item.record, outcome: 'rejected', code, ...(lock && { lock }) };
}

async function firstAnswer(tx: Executor, { workspaceId, actor, items }: EditRecordsInput): Promise<EditOutcome[]> {
  const [row] = await tx
    .select({
      outcomes: editOperations.outcomes,
      // Of items that were refused because their record was gone what they wanted is not kept (`writeEdit`), of an erased case nothing.
      same: sql<boolean>`${editOperations.userId} = ${actor.userId}
        and ${editOperations.items} = (
          select jsonb_agg(case when kept.value ? 'set' then given.value else given.value - 'set' - 'resolves' end order by given.ordinality)
          from jsonb_array_elements(${JSON.stringify(items)}::jsonb) with ordinality given
          left join jsonb_array_elements(${editOperations.items}) with ordinality kept on kept.ordinality = given.ordinality
        )`,
    })
    .from(editOperations)
    .where(and(eq(editOperations.workspaceId, workspaceId), eq(editOperations.operation, actor.operation)));
  if (!row?.same || row.outcomes === null) return items.map((item) => rejected(item, 'operation-reused'));
  return row.outcomes as EditOutcome[];
}
