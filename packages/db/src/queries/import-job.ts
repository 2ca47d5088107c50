import type { ImportSummary } from '@meldesync/protocol';
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { Database } from '../connect.ts';
import { importChunks, imports } from '../schema/index.ts';
import { recordEvent } from './administration/act.ts';
import { authorOf } from './audit/origin.ts';
import { type ImportJob, type NotedRow, noteRows } from './import-batch.ts';
import { toSummary } from './imports.ts';

/** Takes an import up; undefined when it has ended or is gone. */
export async function beginImport(database: Database, id: string): Promise<ImportJob | undefined> {
  const [row] = await database.drizzle
    .update(imports)
    .set({ status: 'running' })
    .where(and(eq(imports.id, id), inArray(imports.status, ['queued', 'running'])))
    .returning();
  if (!row) return undefined;
  const { committedLine, deferredLines, traceparent, continuedBy, createdBy } = row;
  return {
    id: row.id,
    workspaceId: row.workspaceId,
    userId: continuedBy ?? createdBy,
    traceparent,
    position: { committedLine, deferredLines },
  };
}

/** The file's bytes, piece by piece. */
export async function* readImportBytes(database: Database, id: string): AsyncGenerator<Uint8Array> {
  for (let position = 0; ; position++) {
    const [chunk] = await database.drizzle
      .select({ bytes: importChunks.bytes })
      .from(importChunks)
      .where(and(eq(importChunks.importId, id), eq(importChunks.position, position)))
      .orderBy(asc(importChunks.position));
    if (!chunk) return;
    yield chunk.bytes;
  }
}

/** Notes how many rows the first reading counted; false when the import has ended meanwhile. */
export async function setImportTotal(database: Database, id: string, rowsTotal: number): Promise<boolean> {
  const rows = await database.drizzle
    .update(imports)
    .set({ rowsTotal })
    .where(and(eq(imports.id, id), eq(imports.status, 'running')))
    .returning({ id: imports.id });
  return rows.length > 0;
}

/**
 * Counts an attempt that failed for a reason of its own; `failedAttempts` is how many did since the last batch was
 * committed. Undefined when the import has ended or is gone.
 */
export async function countFailedImport(
  database: Database,
  id: string,
): Promise<{ workspaceId: string; failedAttempts: number } | undefined> {
  const [row] = await database.drizzle
    .update(imports)
    .set({ failedAttempts: sql`${imports.failedAttempts} + 1` })
    .where(and(eq(imports.id, id), inArray(imports.status, ['queued', 'running'])))
    .returning({ workspaceId: imports.workspaceId, failedAttempts: imports.failedAttempts });
  return row;
}

/** A file that is refused for what its rows are: how many were found to be rejected, and the first of them. */
export interface RefusedRows {
  readonly rejected: number;
  readonly sample: readonly NotedRow[];
}

/**
 * Ends an import and lets go of the file's bytes. `error` says why it could not be finished; undefined when it has ended
 * already.
 */
export async function endImport(
  database: Database,
  id: string,
  error: { code: string; params: Record<string, string | number> } | null,
  refused?: RefusedRows,
): Promise<ImportSummary | undefined> {
  return database.drizzle.transaction(async (tx) => {
    const [row] = await tx
      .update(imports)
      .set({
        status: error ? 'failed' : 'finished',
        error,
        finishedAt: sql`clock_timestamp()`,
        ...(refused ? { rowsRejected: refused.rejected } : {}),
      })
      .where(and(eq(imports.id, id), inArray(imports.status, ['queued', 'running'])))
      .returning();
    if (!row) return undefined;
    await noteRows(tx, id, refused?.sample ?? []);
    await tx.delete(importChunks).where(eq(importChunks.importId, id));
    const summary = toSummary(row);
    // In the name of who brought it, or went on with it, as the changes are.
    await recordEvent(tx, authorOf(row.continuedBy ?? row.createdBy), {
      kind: error ? 'import-failed' : 'import-finished',
      workspaceId: row.workspaceId,
      subject: `import:${id}`,
      after: { ...(error && { problem: error.code }), rows: summary.rows },
    });
    return summary;
  });
}
