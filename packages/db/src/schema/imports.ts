import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { bytea } from './bytea.ts';
import { workspaces } from './workspaces.ts';

/** One uploaded file: its state while it is worked through, and its result for good. */
export const imports = pgTable(
  'imports',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    workspaceId: uuid('workspace_id')
      .notNull()
      .references(() => workspaces.id),
    filename: text('filename').notNull(),
    sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull(),
    status: text('status', { enum: ['queued', 'running', 'paused', 'finished', 'failed', 'cancelled'] })
      .notNull()
      .default('queued'),
    rowsNew: integer('rows_new').notNull().default(0),
    rowsUpdated: integer('rows_updated').notNull().default(0),
    rowsUnchanged: integer('rows_unchanged').notNull().default(0),
    rowsRejected: integer('rows_rejected').notNull().default(0),
    rowsWarned: integer('rows_warned').notNull().default(0),
    /** Rows of the file as the first reading counted them; null before it. */
    rowsTotal: integer('rows_total'),
    /** Last line that is committed: a job that was cut off goes on after it. */
    committedLine: integer('committed_line').notNull().default(0),
    /** Lines up to `committed_line` that are not in yet: somebody else had locked their records. */
    deferredLines: integer('deferred_lines').array().notNull().default([]),
    /** Attempts that failed since the last batch was committed; what an outage or a shutdown cut off does not count. */
    failedAttempts: integer('failed_attempts').notNull().default(0),
    error: jsonb('error').$type<{ code: string; params: Record<string, string | number> } | null>(),
    /** No reference, as with `cancelledBy`: the import outlives the account. */
    createdBy: text('created_by').notNull(),
    createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
    /** When it ended, in whatever way. */
    finishedAt: timestamp('finished_at', { withTimezone: true, mode: 'string' }),
    /** Who cancelled it, at `finished_at`. */
    cancelledBy: text('cancelled_by'),
    /** Who went on with it after it was paused, and in whose name it is worked through since. */
    continuedBy: text('continued_by'),
    /** Trace of its upload, which the batches go on with (W3C Trace Context). */
    traceparent: text('traceparent'),
    /** The operation id of the request that brought it, which file of that it is, and what all of the request is told by; null without one. */
    operation: text('operation'),
    operationPart: integer('operation_part'),
    operationDigest: text('operation_digest'),
  },
  (table) => [
    uniqueIndex('imports_operation')
      .on(table.workspaceId, table.operation, table.operationPart)
      .where(sql`operation is not null`),
    check('imports_operation_form', sql`length(operation) between 8 and 64 and operation ~ '^[A-Za-z0-9_-]+$'`),
    check(
      'imports_operation_whole',
      sql`(operation is null) = (operation_part is null) and (operation is null) = (operation_digest is null)`,
    ),
    check('imports_traceparent', sql`length(traceparent) = 55 and traceparent ~ '^[0-9a-f-]+$'`),
    index('imports_workspace').on(table.workspaceId, table.createdAt),
    index('imports_unfinished').on(table.workspaceId, table.createdAt).where(sql`status in ('queued', 'running')`),
  ],
);

/** The bytes of a file that is not worked through yet, in pieces; removed with its end. */
export const importChunks = pgTable(
  'import_chunks',
  {
    importId: uuid('import_id')
      .notNull()
      .references(() => imports.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    bytes: bytea('bytes').notNull(),
  },
  (table) => [primaryKey({ columns: [table.importId, table.position] })],
);

/**
 * Rows with something to say: rejected ones, and accepted ones with warnings. In partitions by month of `at`, which
 * `meldesync_import_rows_partitions` makes ahead of time, so that those of a month go as one; without a reference, which would
 * lock `imports` for it.
 */
export const importRows = pgTable(
  'import_rows',
  {
    importId: uuid('import_id').notNull(),
    line: integer('line').notNull(),
    outcome: text('outcome', { enum: ['rejected', 'warned'] }).notNull(),
    vorgangsnummer: text('vorgangsnummer'),
    findings: jsonb('findings').notNull().$type<StoredFinding[]>(),
    /** When it was noted. */
    at: timestamp('at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  },
  // The key of a partitioned table holds what it is partitioned by.
  // No primary key: `pg_restore --clean` cannot drop that of a partition.
  (table) => [uniqueIndex('import_rows_line').on(table.importId, table.line, table.at)],
);

/** A finding as it is kept: code and parameters; the sentence is made when it is shown. */
export interface StoredFinding {
  code: string;
  severity: 'error' | 'warning';
  field: string | null;
  params: Record<string, string | number>;
}
