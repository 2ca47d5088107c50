import type { ImportSummary } from '@meldesync/protocol';
import { roleAllows } from '@meldesync/protocol';
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Database, Executor } from '../connect.ts';
import { imports } from '../schema/index.ts';
import { ActRefusedError, type Administrator, SYSTEM } from './administration/act.ts';
import { authorOf, type Origin } from './audit/origin.ts';
import { type EndedImport, recordImports } from './cancel-import.ts';
import { toSummary } from './imports.ts';
import { getRole } from './memberships.ts';

/** In whose name an import is worked through. */
const importedBy = sql<string>`coalesce(${imports.continuedBy}, ${imports.createdBy})`;

/**
 * Pauses the waiting and running imports of a person in these workspaces: who may not import any more does not go on importing. What is
 * in of them stays, and the rest of the file is kept for an administrator who goes on with it.
 */
export async function pauseImportsOf(
  tx: Executor,
  input: { readonly userId: string; readonly workspaceIds: readonly string[]; readonly pausedBy: Administrator },
): Promise<EndedImport[]> {
  if (input.workspaceIds.length === 0) return [];
  const rows = await tx
    .update(imports)
    .set({ status: 'paused' })
    .where(
      and(
        inArray(imports.workspaceId, [...input.workspaceIds]),
        eq(importedBy, input.userId),
        inArray(imports.status, ['queued', 'running']),
      ),
    )
    .returning();
  await recordImports(tx, input.pausedBy, 'import-paused', rows);
  return rows.map((row) => ({ workspaceId: row.workspaceId, summary: toSummary(row) }));
}

/** Pauses one, whose person was found to have lost the right to import; undefined when it has ended meanwhile. */
export async function pauseImport(database: Database, id: string): Promise<ImportSummary | undefined> {
  return database.drizzle.transaction(async (tx) => {
    const rows = await tx
      .update(imports)
      .set({ status: 'paused' })
      .where(and(eq(imports.id, id), inArray(imports.status, ['queued', 'running'])))
      .returning();
    await recordImports(tx, SYSTEM, 'import-paused', rows);
    const [row] = rows;
    return row && toSummary(row);
  });
}

/** Of which import of which workspace, and who goes on with it. */
export interface ContinueImportInput {
  readonly workspaceId: string;
  readonly importId: string;
  readonly userId: string;
  readonly origin?: Origin;
}

/**
 * Goes on with a paused import behind what is in, in the name of who says so. Undefined when there is none of that id. Throws
 * `ActRefusedError`: `workspace-not-found` and `forbidden` where they do not administer it any more, `import-not-paused`.
 */
export async function continueImport(
  database: Database,
  { workspaceId, importId, userId, origin }: ContinueImportInput,
): Promise<ImportSummary | undefined> {
  return database.drizzle.transaction(async (tx) => {
    await tx.execute(sql`select meldesync_hold_workspace(${workspaceId}::uuid)`);
    const held = await getRole(tx, workspaceId, userId);
    if (held === undefined) throw new ActRefusedError('workspace-not-found');
    if (!roleAllows(held, 'admin')) throw new ActRefusedError('forbidden');
    const ofImport = and(eq(imports.id, importId), eq(imports.workspaceId, workspaceId));
    const [row] = await tx
      .update(imports)
      .set({ status: 'queued', continuedBy: userId, failedAttempts: 0 })
      .where(and(ofImport, eq(imports.status, 'paused')))
      .returning();
    if (!row) {
      const [found] = await tx.select({ id: imports.id }).from(imports).where(ofImport);
      if (found) throw new ActRefusedError('import-not-paused');
      return undefined;
    }
    await recordImports(tx, authorOf(userId, origin), 'import-continued', [row]);
    return toSummary(row);
  });
}
