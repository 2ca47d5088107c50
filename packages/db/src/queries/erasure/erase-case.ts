import type { ErasedCase, ErasureState } from '@meldesync/protocol';
import { desc, eq, sql } from 'drizzle-orm';
import type { Database, Executor } from '../../connect.ts';
import { sqlState } from '../../errors.ts';
import { erasures } from '../../schema/index.ts';
import { nameActor } from '../actor.ts';
import { ActRefusedError, type Administrator } from '../administration/act.ts';
import { beginWorkspaceAct, requireWorkspaceAdmin } from '../administration/authority.ts';

/** It reads the whole history of a workspace for the name of the case. */
const STATEMENT_TIMEOUT_MS = 10 * 60_000;

/**
 * Erases what the database holds of a case, with the event that tells of it, for an administrator of the workspace or of the installation
 * who has just proved who they are. Where it holds nothing that is on record too: archives may. Throws `reason-names-case` where the reason does.
 */
export async function eraseCase(
  database: Database,
  administrator: Administrator,
  input: { readonly workspaceId: string; readonly caseId: string; readonly reason: string },
): Promise<ErasedCase> {
  const { workspaceId, caseId, reason } = input;
  return database.drizzle.transaction(async (tx) => {
    await beginWorkspaceAct(tx, administrator, workspaceId, { isFresh: true });
    await tx.execute(sql`select set_config('statement_timeout', ${String(STATEMENT_TIMEOUT_MS)}, true)`);
    await nameActor(tx, { userId: administrator.userId, via: 'api' });
    const { rows } = await tx
      .execute<{ erased: ErasedCase }>(sql`
        select meldesync_erase_case(${workspaceId}::uuid, ${caseId}::text, ${administrator.actor}::text,
          ${administrator.sessionId}::text, ${administrator.address}::text, ${reason}::text) as erased`)
      .catch((error: unknown) => {
        if (sqlState(error) === 'MS001') throw new ActRefusedError('reason-names-case');
        throw error;
      });
    const erased = rows[0]?.erased;
    if (!erased) throw new Error('an erasure answered nothing');
    return erased;
  });
}

/** Erasures of a workspace, newest first, and how far they have come outside of the database. */
export async function listErasures(
  executor: Executor,
  administrator: Administrator,
  workspaceId: string,
): Promise<ErasureState[]> {
  await requireWorkspaceAdmin(executor, administrator, workspaceId, { isFresh: false });
  const rows = await executor
    .select()
    .from(erasures)
    .where(eq(erasures.workspaceId, workspaceId))
    .orderBy(desc(erasures.at))
    .limit(LISTED);
  return rows.map(({ id, event, at, streamsDoneAt, archivesDoneAt }) => ({
    id,
    event,
    at: new Date(at).toISOString(),
    streamsDoneAt: streamsDoneAt && new Date(streamsDoneAt).toISOString(),
    archivesDoneAt: archivesDoneAt && new Date(archivesDoneAt).toISOString(),
  }));
}

const LISTED = 100;
