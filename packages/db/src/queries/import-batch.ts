import type { ImportSummary } from '@meldesync/protocol';
import { and, eq, sql } from 'drizzle-orm';
import type { Database, Executor } from '../connect.ts';
import { withDeadlockRetry } from '../errors.ts';
import { importRows, imports, type StoredFinding } from '../schema/index.ts';
import { nameActor } from './actor.ts';
import { toSummary } from './imports.ts';

/** An import that a worker has taken up. */
export interface ImportJob {
  readonly id: string;
  readonly workspaceId: string;
  readonly userId: string;
  /** Of its upload; null where nobody recorded one. */
  readonly traceparent: string | null;
  readonly position: ImportPosition;
}

/** How far an import has come. */
export interface ImportPosition {
  /** Rows up to this line are committed already, */
  readonly committedLine: number;
  /** but for these: somebody else had locked their records. */
  readonly deferredLines: readonly number[];
}

/** A row with something to say: a rejected one, or an accepted one with warnings. */
export interface NotedRow {
  line: number;
  outcome: 'rejected' | 'warned';
  vorgangsnummer: string | null;
  findings: StoredFinding[];
}

/** What an import writes into a record. */
export interface AcceptedRow {
  readonly vorgangsnummer: string;
  readonly ibe: string;
  readonly caseId: string | null;
  /** Where the file says it: more than one where it repeats itself. */
  readonly lines: readonly number[];
}

export interface ImportBatch {
  /** Accepted rows, each Vorgangsnummer (lower case) at most once. */
  readonly accepted: readonly AcceptedRow[];
  /** Accepted rows that repeat one of the batch to the letter. */
  readonly repeated: number;
  readonly noted: readonly NotedRow[];
  /** The last line of the batch. */
  readonly lastLine: number;
}

/** The import has ended, or another job was faster with a batch: what this one wrote of it is taken back. */
class BatchTakenError extends Error {}

/** The person in whose name the batch is written may not import any more. */
class ImporterGoneError extends Error {}

/** How a batch is written. */
export interface BatchOptions {
  /** What was committed before it; otherwise it is not this batch's turn. */
  readonly position: ImportPosition;
  /** Warnings are kept of so many rows of an import; further ones are counted. */
  readonly maxWarned: number;
  /** Leaves records that somebody else has locked alone, instead of waiting for them, as long as no more than this are left. */
  readonly maxDeferred: number;
  /** Which trace its changes name. */
  readonly traceparent?: string | undefined;
}

/** How an import stands after a batch. */
export interface CommittedBatch {
  readonly summary: ImportSummary;
  readonly position: ImportPosition;
  /** What became of its rows; `deferred` are those that are left for later, and were not before. */
  readonly counts: Readonly<Record<'created' | 'updated' | 'unchanged' | 'rejected' | 'deferred', number>>;
}

/**
 * Writes a batch and its counts in one transaction, so a job that is cut off goes on exactly behind it. A record that
 * is there already is updated when its segment differs; a case id of the file fills an empty one and never replaces
 * what a person entered. Undefined when another job was faster with this batch, or the import was cancelled; then nothing of it
 * is in. `not-allowed` when the person in whose name it is written may not import any more; nothing of it is in then either.
 */
export async function commitImportBatch(
  database: Database,
  job: ImportJob,
  batch: ImportBatch,
  options: BatchOptions,
): Promise<CommittedBatch | 'not-allowed' | undefined> {
  try {
    return await withDeadlockRetry(() => database.drizzle.transaction((tx) => writeBatch(tx, job, batch, options)));
  } catch (error) {
    if (error instanceof BatchTakenError) return undefined;
    if (error instanceof ImporterGoneError) return 'not-allowed';
    throw error;
  }
}

async function writeBatch(
  tx: Executor,
  job: ImportJob,
  batch: ImportBatch,
  { position, maxWarned, maxDeferred, traceparent }: BatchOptions,
): Promise<CommittedBatch> {
  // The import's own row is locked once all records are written: whoever cancels it waits for none that this batch waits for.
  const asExpected = and(
    eq(imports.id, job.id),
    eq(imports.committedLine, position.committedLine),
    eq(imports.deferredLines, [...position.deferredLines]),
    eq(imports.status, 'running'),
  );
  const mayImport = sql<boolean>`meldesync_may_edit(${imports.workspaceId}, ${job.userId})`;
  const [before] = await tx.select({ rowsWarned: imports.rowsWarned, mayImport }).from(imports).where(asExpected);
  if (!before) throw new BatchTakenError();
  if (!before.mayImport) throw new ImporterGoneError();
  await nameActor(tx, { userId: job.userId, via: 'import', importId: job.id, traceparent });
  // Rows in the order of their keys: two imports that share records never wait for each other in a circle.
  const all = batch.accepted.toSorted((a, b) => (a.vorgangsnummer < b.vorgangsnummer ? -1 : 1));
  const held = await findHeld(tx, job.workspaceId, all, maxDeferred);
  const rows = all.filter(({ vorgangsnummer }) => !held.has(vorgangsnummer));
  const { created, updated } = await writeRecords(tx, job.workspaceId, rows);
  const tried = new Set(all.flatMap(({ lines }) => lines));
  const deferredLines = [
    ...position.deferredLines.filter((line) => !tried.has(line)),
    ...all.flatMap(({ vorgangsnummer, lines }) => (held.has(vorgangsnummer) ? lines : [])),
  ].toSorted((a, b) => a - b);
  const unchanged = rows.length - created - updated + batch.repeated;
  const rejected = batch.noted.filter((row) => row.outcome === 'rejected');
  const warned = batch.noted.filter((row) => row.outcome === 'warned');
  const [after] = await tx
    .update(imports)
    .set({
      rowsNew: sql`${imports.rowsNew} + ${created}`,
      rowsUpdated: sql`${imports.rowsUpdated} + ${updated}`,
      rowsUnchanged: sql`${imports.rowsUnchanged} + ${unchanged}`,
      rowsRejected: sql`${imports.rowsRejected} + ${rejected.length}`,
      rowsWarned: sql`${imports.rowsWarned} + ${warned.length}`,
      committedLine: batch.lastLine,
      deferredLines,
      failedAttempts: 0,
    })
    .where(asExpected)
    .returning();
  if (!after) throw new BatchTakenError();
  await noteRows(tx, job.id, [...rejected, ...warned.slice(0, Math.max(0, maxWarned - before.rowsWarned))]);
  const deferred = deferredLines.filter((line) => !position.deferredLines.includes(line)).length;
  return {
    summary: toSummary(after),
    position: { committedLine: after.committedLine, deferredLines },
    counts: { created, updated, unchanged, rejected: rejected.length, deferred },
  };
}

/** The rows as parameters of a statement, to be read as a table of `v`, `i` and `c`. */
function asTable(rows: readonly AcceptedRow[]) {
  return sql`unnest(${sql.param(rows.map((row) => row.vorgangsnummer))}::text[],
                    ${sql.param(rows.map((row) => row.ibe))}::text[],
                    ${sql.param(rows.map((row) => row.caseId))}::text[]) as given(v, i, c)`;
}

/** Creates and updates records. Waits for those that somebody else has locked. */
async function writeRecords(
  tx: Executor,
  workspaceId: string,
  rows: readonly AcceptedRow[],
): Promise<{ created: number; updated: number }> {
  const written = await tx.execute<{ inserted: boolean }>(sql`
    insert into records (workspace_id, vorgangsnummer, ibe, case_id)
    select ${workspaceId}::uuid, v, i, c from ${asTable(rows)}
    on conflict (workspace_id, vorgangsnummer) do update
      set ibe = excluded.ibe, case_id = coalesce(records.case_id, excluded.case_id)
      where records.ibe <> excluded.ibe or (records.case_id is null and excluded.case_id is not null)
    returning (xmax = 0) as inserted`);
  const created = written.rows.filter((row) => row.inserted).length;
  return { created, updated: written.rows.length - created };
}

/**
 * Locks the records that these rows would write, and says which of them somebody else has locked, by Vorgangsnummer. None where
 * nothing is to be left alone, or more would be than may: then the batch waits for them.
 */
async function findHeld(
  tx: Executor,
  workspaceId: string,
  rows: readonly AcceptedRow[],
  maxDeferred: number,
): Promise<ReadonlySet<string>> {
  if (maxDeferred === 0) return NOBODY_HOLDS;
  // `on conflict` locks a record before it looks whether there is anything to change.
  const there = await tx.execute<{ v: string }>(sql`
    select v from ${asTable(rows)} join records r on r.workspace_id = ${workspaceId}::uuid and r.vorgangsnummer = v`);
  const free = await tx.execute<{ v: string }>(sql`
    select v from ${asTable(rows)} join records r on r.workspace_id = ${workspaceId}::uuid and r.vorgangsnummer = v
    order by v for update of r skip locked`);
  const held = new Set(there.rows.map(({ v }) => v));
  for (const { v } of free.rows) held.delete(v);
  return held.size > maxDeferred ? NOBODY_HOLDS : held;
}

const NOBODY_HOLDS: ReadonlySet<string> = new Set();

/** Keeps what rows have to say. */
export async function noteRows(executor: Executor, importId: string, rows: readonly NotedRow[]): Promise<void> {
  if (rows.length > 0) await executor.insert(importRows).values(rows.map((row) => ({ importId, ...row })));
}
