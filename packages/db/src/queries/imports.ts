import { type ImportRow, type ImportSummary, roleAllows } from '@meldesync/protocol';
import { and, asc, desc, eq, gt, lt, type SQL, sql } from 'drizzle-orm';
import type { Database, Executor } from '../connect.ts';
import { importChunks, importRows, imports, type StoredFinding } from '../schema/index.ts';
import { ActRefusedError, recordEvent } from './administration/act.ts';
import { authorOf, type Origin } from './audit/origin.ts';
import { getRole } from './memberships.ts';
import { isoTime } from './record-columns.ts';

const CHUNK_BYTES = 1024 * 1024;

/** As the index `imports_unfinished` says it. */
const isUnfinished = sql`${imports.status} in ('queued', 'running')`;

export interface CreateImportInput {
  readonly workspaceId: string;
  readonly userId: string;
  readonly filename: string;
  readonly sizeBytes: number;
  /** Where it comes from, for the trail. */
  readonly origin?: Origin;
  /** Of its upload. */
  readonly traceparent?: string | undefined;
  /** The request that brings it, where it may be sent again, and which of its files this is. */
  readonly sent?: (SentFiles & { readonly part: number }) | undefined;
  /** The file, or why it is not taken: then the import has failed from the start. */
  readonly content:
    | { readonly bytes: Uint8Array }
    | { readonly refused: { code: string; params: Record<string, string | number> } };
}

/** A request with files that may be sent again. */
export interface SentFiles {
  readonly operation: string;
  /** Of all that it brings: the same operation with other files is another request. */
  readonly digest: string;
}

/**
 * Takes a file in: its bytes are stored and the import waits to be worked through. The import is returned; where the request has brought it
 * before, as it was taken then. Throws `ActRefusedError` where the person may not import any more: `workspace-not-found`, `forbidden`; and
 * `operation-reused`.
 */
export async function createImport(database: Database, input: CreateImportInput): Promise<ImportSummary> {
  const { content } = input;
  const refused = 'refused' in content ? content.refused : null;
  return database.drizzle.transaction(async (tx) => {
    const [created] = await tx
      .insert(imports)
      .values({
        workspaceId: input.workspaceId,
        createdBy: input.userId,
        filename: input.filename,
        sizeBytes: input.sizeBytes,
        traceparent: input.traceparent ?? null,
        operation: input.sent?.operation ?? null,
        operationPart: input.sent?.part ?? null,
        operationDigest: input.sent?.digest ?? null,
        ...(refused ? { status: 'failed' as const, error: refused, finishedAt: sql`now()` } : {}),
      })
      .onConflictDoNothing()
      .returning();
    if (!created) {
      const before = input.sent && (await findSentImports(tx, { ...input, sent: input.sent })).get(input.sent.part);
      if (before) return before;
      throw new Error('insert into imports returned no row');
    }
    const bytes = 'bytes' in content ? content.bytes : new Uint8Array();
    for (let position = 0; position * CHUNK_BYTES < bytes.byteLength; position++) {
      const chunk = Buffer.from(bytes.subarray(position * CHUNK_BYTES, (position + 1) * CHUNK_BYTES));
      await tx.insert(importChunks).values({ importId: created.id, position, bytes: chunk });
    }
    await requireImporter(tx, input);
    const { workspaceId, sizeBytes } = input;
    await recordEvent(tx, authorOf(input.userId, input.origin), {
      kind: refused ? 'import-failed' : 'import-started',
      workspaceId,
      subject: `import:${created.id}`,
      after: { ...(refused && { problem: refused.code }), sizeBytes },
    });
    return toSummary(created);
  });
}

/**
 * The imports that a request has brought before, by the place of their file in it, as they were taken then. Throws `operation-reused` where it
 * was another request, or another person's.
 */
export async function findSentImports(
  executor: Executor,
  { workspaceId, userId, sent }: { workspaceId: string; userId: string; sent: SentFiles },
): Promise<ReadonlyMap<number, ImportSummary>> {
  const rows = await executor
    .select()
    .from(imports)
    .where(and(eq(imports.workspaceId, workspaceId), eq(imports.operation, sent.operation)));
  const isSame = rows.every((row) => row.createdBy === userId && row.operationDigest === sent.digest);
  if (!isSame) throw new ActRefusedError('operation-reused');
  return new Map(rows.map((row) => [row.operationPart ?? 0, asTaken(row)]));
}

/** An import as it was when it was taken: one that was refused then ended in the same moment. */
function asTaken(row: typeof imports.$inferSelect): ImportSummary {
  const wasRefused = row.finishedAt === row.createdAt;
  return toSummary({
    ...row,
    ...(wasRefused ? {} : { status: 'queued' as const, error: null, finishedAt: null }),
    rowsNew: 0,
    rowsUpdated: 0,
    rowsUnchanged: 0,
    rowsRejected: 0,
    rowsWarned: 0,
    rowsTotal: null,
    cancelledBy: null,
    continuedBy: null,
  });
}

/**
 * Throws unless a person may import into a workspace, and goes on to be allowed to until the transaction ends: who takes that from them
 * locks the workspace first, so they wait, and then end what was brought in. Comes last, so that they do not wait for a file.
 */
async function requireImporter(tx: Executor, { workspaceId, userId }: CreateImportInput): Promise<void> {
  await tx.execute(sql`select meldesync_hold_workspace(${workspaceId}::uuid)`);
  const held = await getRole(tx, workspaceId, userId);
  if (held === undefined) throw new ActRefusedError('workspace-not-found');
  if (!roleAllows(held, 'editor')) throw new ActRefusedError('forbidden');
}

export interface ImportPageInput {
  readonly workspaceId: string;
  /** The last import of the page before; null for the first page. */
  readonly before: string | null;
  readonly limit: number;
}

/** A page of the imports of a workspace, newest first; `next` goes on as `before`. */
export async function listImports(
  executor: Executor,
  { workspaceId, before, limit }: ImportPageInput,
): Promise<{ imports: ImportSummary[]; next: string | null }> {
  const rows = await executor
    .select()
    .from(imports)
    .where(and(eq(imports.workspaceId, workspaceId), before === null ? undefined : olderThan(workspaceId, before)))
    .orderBy(desc(imports.createdAt), desc(imports.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit).map(toSummary);
  return { imports: page, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

function olderThan(workspaceId: string, before: string): SQL {
  return sql`(${imports.createdAt}, ${imports.id}) < (
    select i.created_at, i.id from imports i where i.workspace_id = ${workspaceId}::uuid and i.id = ${before}::uuid
  )`;
}

/** One import of a workspace; undefined when it is not there or belongs to another. */
export async function getImport(
  executor: Executor,
  workspaceId: string,
  id: string,
): Promise<ImportSummary | undefined> {
  const [row] = await executor
    .select()
    .from(imports)
    .where(and(eq(imports.workspaceId, workspaceId), eq(imports.id, id)));
  return row && toSummary(row);
}

/** Rows of an import with something to say, by line; findings without their sentences. */
export async function listImportRows(
  executor: Executor,
  input: { importId: string; after: number; limit: number; outcome: ImportRow['outcome'] | null },
): Promise<{ rows: (Omit<ImportRow, 'findings'> & { findings: StoredFinding[] })[]; next: number | null }> {
  const rows = await executor
    .select({
      line: importRows.line,
      outcome: importRows.outcome,
      vorgangsnummer: importRows.vorgangsnummer,
      findings: importRows.findings,
    })
    .from(importRows)
    .where(
      and(
        eq(importRows.importId, input.importId),
        gt(importRows.line, input.after),
        input.outcome === null ? undefined : eq(importRows.outcome, input.outcome),
      ),
    )
    .orderBy(asc(importRows.line))
    .limit(input.limit + 1);
  const page = rows.slice(0, input.limit);
  return { rows: page, next: rows.length > input.limit ? (page.at(-1)?.line ?? null) : null };
}

/** The import of a workspace that is worked through next: of those that wait or were cut off the oldest. */
export async function findNextImport(executor: Executor, workspaceId: string): Promise<string | undefined> {
  const [row] = await executor
    .select({ id: imports.id })
    .from(imports)
    .where(and(eq(imports.workspaceId, workspaceId), isUnfinished))
    .orderBy(asc(imports.createdAt), asc(imports.id))
    .limit(1);
  return row?.id;
}

/** Workspaces with imports that wait or were cut off: what a queue that lost its jobs is filled from. */
export async function listWaitingWorkspaces(executor: Executor, olderThanMs: number): Promise<string[]> {
  const rows = await executor
    .selectDistinct({ id: imports.workspaceId })
    .from(imports)
    .where(and(isUnfinished, lt(imports.createdAt, sql`now() - make_interval(secs => ${olderThanMs / 1000})`)));
  return rows.map((row) => row.id);
}

/** How many files wait or are worked through, and their size together. */
export interface WaitingImports {
  readonly files: number;
  readonly bytes: number;
}

/** What of a workspace waits or is worked through: of everybody, and of one person. */
export async function countWaitingImports(
  executor: Executor,
  workspaceId: string,
  userId: string,
): Promise<{ readonly all: WaitingImports; readonly own: WaitingImports }> {
  const own = sql`filter (where ${imports.createdBy} = ${userId})`;
  const bytes = sql`coalesce(sum(${imports.sizeBytes})`;
  const [row] = await executor
    .select({
      files: sql<number>`count(*)::int`,
      ownFiles: sql<number>`(count(*) ${own})::int`,
      bytes: sql`${bytes}, 0)`.mapWith(Number),
      ownBytes: sql`${bytes} ${own}, 0)`.mapWith(Number),
    })
    .from(imports)
    .where(and(eq(imports.workspaceId, workspaceId), isUnfinished));
  if (!row) throw new Error('count of imports returned no row');
  return { all: { files: row.files, bytes: row.bytes }, own: { files: row.ownFiles, bytes: row.ownBytes } };
}

/** Makes an import row what travels. */
export function toSummary(row: typeof imports.$inferSelect): ImportSummary {
  const read = row.rowsNew + row.rowsUpdated + row.rowsUnchanged + row.rowsRejected;
  const complete = row.status === 'finished' || row.status === 'failed';
  return {
    id: row.id,
    filename: row.filename,
    sizeBytes: row.sizeBytes,
    status: row.status,
    rows: {
      new: row.rowsNew,
      updated: row.rowsUpdated,
      unchanged: row.rowsUnchanged,
      rejected: row.rowsRejected,
      warned: row.rowsWarned,
    },
    progress: complete ? 1 : row.rowsTotal ? Math.min(1, read / row.rowsTotal) : 0,
    error: row.error,
    createdAt: isoTime(row.createdAt),
    finishedAt: row.finishedAt === null ? null : isoTime(row.finishedAt),
    createdBy: row.createdBy,
    cancelledBy: row.cancelledBy,
    continuedBy: row.continuedBy,
  };
}
