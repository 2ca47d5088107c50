import type { ImportSummary } from '@meldesync/protocol';
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Database, Executor } from '../connect.ts';
import { importChunks, imports } from '../schema/index.ts';
import { type Administrator, type Author, recordEvents } from './administration/act.ts';
import { authorOf, type Origin } from './audit/origin.ts';
import { getImport, toSummary } from './imports.ts';

/** What became of a wish to cancel: the import as it stands, and whether this call ended it; undefined when it is not there. */
export interface CancelledImport {
  readonly summary: ImportSummary;
  readonly isNew: boolean;
}

/**
 * Ends a waiting, running or paused import for good, and lets go of the file's bytes. The batch under way is taken back,
 * those before it stay; the worker finds out when it commits. One that has ended is left as it is.
 */
export async function cancelImport(
  database: Database,
  input: { readonly workspaceId: string; readonly importId: string; readonly userId: string; readonly origin?: Origin },
): Promise<CancelledImport | undefined> {
  return database.drizzle.transaction(async (tx) => {
    const [row] = await tx
      .update(imports)
      .set({ status: 'cancelled', cancelledBy: input.userId, finishedAt: sql`clock_timestamp()` })
      .where(
        and(
          eq(imports.id, input.importId),
          eq(imports.workspaceId, input.workspaceId),
          inArray(imports.status, ['queued', 'running', 'paused']),
        ),
      )
      .returning();
    if (row) {
      await tx.delete(importChunks).where(eq(importChunks.importId, row.id));
      await recordImports(tx, authorOf(input.userId, input.origin), 'import-cancelled', [row]);
      return { summary: toSummary(row), isNew: true };
    }
    const summary = await getImport(tx, input.workspaceId, input.importId);
    return summary && { summary, isNew: false };
  });
}

/** An import that was stopped, for good or until somebody goes on with it. */
export interface EndedImport {
  readonly workspaceId: string;
  readonly summary: ImportSummary;
}

/** Ends all imports of workspaces that are not done. What is in of them stays. */
export async function cancelImportsIn(
  tx: Executor,
  input: { readonly workspaceIds: readonly string[]; readonly cancelledBy: Administrator },
): Promise<EndedImport[]> {
  if (input.workspaceIds.length === 0) return [];
  const rows = await tx
    .update(imports)
    .set({ status: 'cancelled', cancelledBy: input.cancelledBy.userId, finishedAt: sql`clock_timestamp()` })
    .where(
      and(
        inArray(imports.workspaceId, [...input.workspaceIds]),
        inArray(imports.status, ['queued', 'running', 'paused']),
      ),
    )
    .returning();
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  await tx.delete(importChunks).where(inArray(importChunks.importId, ids));
  await recordImports(tx, input.cancelledBy, 'import-cancelled', rows);
  return rows.map((row) => ({ workspaceId: row.workspaceId, summary: toSummary(row) }));
}

/** Puts on record what was done with imports, by whom they were begun, and how far they are. */
export async function recordImports(
  tx: Executor,
  author: Author,
  kind: 'import-cancelled' | 'import-paused' | 'import-continued',
  rows: readonly (typeof imports.$inferSelect)[],
): Promise<void> {
  await recordEvents(
    tx,
    author,
    rows.map((row) => ({
      kind,
      workspaceId: row.workspaceId,
      subject: `import:${row.id}`,
      before: { startedBy: `user:${row.createdBy}` },
      after: { rows: toSummary(row).rows },
    })),
  );
}
