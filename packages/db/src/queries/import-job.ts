import type { ImportSummary } from '@meldesync/protocol';
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { Database, Executor } from '../connect.ts';
import { withDeadlockRetry } from '../errors.ts';
import { importChunks, importRows, imports, type StoredFinding } from '../schema/index.ts';
import { nameActor } from './actor.ts';
import { toSummary } from './imports.ts';

/** An import that a worker has taken up. */
export interface ImportJob {
  readonly id: string;
  readonly workspaceId: string;
  readonly userId: string;
  /** Rows up to this line are committed already. */
  readonly committedLine: number;
}

/** Takes an import up; undefined when it has ended or is gone. */
export async function beginImport(database: Database, id: string): Promise<ImportJob | undefined> {
  const [row] = await database.drizzle
    .update(imports)
    .set({ status: 'running' })
    .where(and(eq(imports.id, id), inArray(imports.status, ['queued', 'running'])))
    .returning();
  return row && { id: row.id, workspaceId: row.workspaceId, userId: row.createdBy, committedLine: row.committedLine };
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

/** A row with something to say: a rejected one, or an accepted one with warnings. */
export interface NotedRow {
  line: number;
  outcome: 'rejected' | 'warned';
  vorgangsnummer: string | null;
  findings: StoredFinding[];
}

export interface ImportBatch {
  /** Accepted rows, each Vorgangsnummer (lower case) at most once. */
  readonly accepted: readonly { vorgangsnummer: string; ibe: string; caseId: string | null }[];
  /** Accepted rows that repeat one of the batch to the letter. */
  readonly repeated: number;
  readonly noted: readonly NotedRow[];
  /** The last line of the batch. */
  readonly lastLine: number;
}

/** The import has ended, or another job was faster with a batch: what this one wrote of it is taken back. */
class BatchTakenError extends Error {}

/**
 * Writes a batch and its counts in one transaction, so a job that is cut off goes on exactly behind it. A record that
 * is there already is updated when its segment differs; a case id of the file fills an empty one and never replaces
 * what a person entered. Undefined when another job was faster with this batch, or the import was cancelled; then nothing of it
 * is in. Warnings are kept of the first `maxWarned` rows of the import that have any; further ones are counted.
 */
export async function commitImportBatch(
  database: Database,
  job: ImportJob,
  expectedLine: number,
  batch: ImportBatch,
  maxWarned: number,
): Promise<ImportSummary | undefined> {
  try {
    return await withDeadlockRetry(() =>
      database.drizzle.transaction((tx) => writeBatch(tx, job, { expectedLine, batch, maxWarned })),
    );
  } catch (error) {
    if (error instanceof BatchTakenError) return undefined;
    throw error;
  }
}

interface BatchToWrite {
  readonly expectedLine: number;
  readonly batch: ImportBatch;
  readonly maxWarned: number;
}

async function writeBatch(
  tx: Executor,
  job: ImportJob,
  { expectedLine, batch, maxWarned }: BatchToWrite,
): Promise<ImportSummary> {
  // The import's own row is locked once all records are written: whoever cancels it waits for none that this batch waits for.
  const asExpected = and(
    eq(imports.id, job.id),
    eq(imports.committedLine, expectedLine),
    eq(imports.status, 'running'),
  );
  const [before] = await tx.select({ rowsWarned: imports.rowsWarned }).from(imports).where(asExpected);
  if (!before) throw new BatchTakenError();
  await nameActor(tx, { userId: job.userId, via: 'import', importId: job.id });
  // Rows in the order of their keys: two imports that share records never wait for each other in a circle.
  const rows = batch.accepted.toSorted((a, b) => (a.vorgangsnummer < b.vorgangsnummer ? -1 : 1));
  const written = await tx.execute<{ inserted: boolean }>(sql`
    insert into records (workspace_id, vorgangsnummer, ibe, case_id)
    select ${job.workspaceId}::uuid, v, i, c
    from unnest(${sql.param(rows.map((row) => row.vorgangsnummer))}::text[],
                ${sql.param(rows.map((row) => row.ibe))}::text[],
                ${sql.param(rows.map((row) => row.caseId))}::text[]) as row(v, i, c)
    on conflict (workspace_id, vorgangsnummer) do update
      set ibe = excluded.ibe, case_id = coalesce(records.case_id, excluded.case_id)
      where records.ibe <> excluded.ibe or (records.case_id is null and excluded.case_id is not null)
    returning (xmax = 0) as inserted`);
  const created = written.rows.filter((row) => row.inserted).length;
  const updated = written.rows.length - created;
  const rejected = batch.noted.filter((row) => row.outcome === 'rejected');
  const warned = batch.noted.filter((row) => row.outcome === 'warned');
  const [after] = await tx
    .update(imports)
    .set({
      rowsNew: sql`${imports.rowsNew} + ${created}`,
      rowsUpdated: sql`${imports.rowsUpdated} + ${updated}`,
      rowsUnchanged: sql`${imports.rowsUnchanged} + ${rows.length - written.rows.length + batch.repeated}`,
      rowsRejected: sql`${imports.rowsRejected} + ${rejected.length}`,
      rowsWarned: sql`${imports.rowsWarned} + ${warned.length}`,
      committedLine: batch.lastLine,
      failedAttempts: 0,
    })
    .where(asExpected)
    .returning();
  if (!after) throw new BatchTakenError();
  await noteRows(tx, job.id, [...rejected, ...warned.slice(0, Math.max(0, maxWarned - before.rowsWarned))]);
  return toSummary(after);
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
    return toSummary(row);
  });
}

async function noteRows(executor: Executor, importId: string, rows: readonly NotedRow[]): Promise<void> {
  if (rows.length > 0) await executor.insert(importRows).values(rows.map((row) => ({ importId, ...row })));
}
