import { CHANGE_SOURCES } from '@meldesync/protocol';
import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { bytea } from './bytea.ts';
import { workspaces } from './workspaces.ts';

/**
 * Every change of every record, written by triggers in the transaction that makes it: the audit trail (R5.1) and the
 * outbox of the feed in one. Append-only: the application's role may read it and nothing else.
 * `before` and `after` hold the changed fields under their wire names; an insert has all of them in `after`.
 */
export const changes = pgTable(
  'changes',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    /** 64-bit transaction id, to be compared with a snapshot by `pg_visible_in_snapshot`. */
    txid: text('txid').notNull().default(sql`pg_current_xact_id()::text`),
    workspaceId: uuid('workspace_id')
      .notNull()
      .references(() => workspaces.id),
    recordId: bigint('record_id', { mode: 'number' }).notNull(),
    version: integer('version').notNull(),
    op: text('op', { enum: ['insert', 'update', 'delete'] }).notNull(),
    before: jsonb('before').notNull(),
    after: jsonb('after').notNull(),
    /** `user:<id>` or `db:<role>`. */
    actor: text('actor').notNull(),
    via: text('via', { enum: CHANGE_SOURCES }).notNull(),
    operation: text('operation'),
    importId: uuid('import_id'),
    traceparent: text('traceparent'),
    at: timestamp('at', { withTimezone: true, mode: 'string' }).notNull(),
    /**
     * Of the record's content after the change (`meldesync_record_digest`): a record that has another one was written past the
     * triggers. Null on a delete, and in rows from before migration 0013.
     */
    digest: bytea('digest'),
  },
  (table) => [
    uniqueIndex('changes_record_version').on(table.recordId, table.version),
    uniqueIndex('changes_operation')
      .on(table.workspaceId, table.operation, table.recordId)
      .where(sql`operation is not null`),
    index('changes_import').on(table.importId).where(sql`import_id is not null`),
    index('changes_workspace').on(table.workspaceId, table.id),
    // The trail, newest first.
    index('changes_workspace_at').on(table.workspaceId, table.at, table.id),
    // Of records that are in a case no more; those that are in it now are found by the record.
    index('changes_case_before')
      .on(sql`(before ->> 'caseId')`)
      .where(sql`before ->> 'caseId' is not null`),
    // Not valid for rows from before them (migration 0011): the audit trail is never rewritten.
    // Nor for those from before migration 0017: what no relay and no client could read would stop all that comes after it.
    check('changes_txid', sql`txid ~ '^[0-9]+$' and length(txid) <= 20`),
    check('changes_record', sql`record_id between 1 and 9007199254740991 and version >= 1`),
    check('changes_at', sql`isfinite(at)`),
    check('changes_content', sql`jsonb_typeof(before) = 'object' and jsonb_typeof(after) = 'object'`),
    check('changes_op', sql`op in ('insert', 'update', 'delete')`),
    check('changes_actor', sql`actor ~ '^(user|db):' and length(actor) <= 200`),
    check('changes_via', sql`via in ('web', 'cli', 'api', 'import', 'sql')`),
    check('changes_operation_form', sql`length(operation) between 8 and 64 and operation ~ '^[A-Za-z0-9_-]+$'`),
    check('changes_traceparent', sql`length(traceparent) = 55 and traceparent ~ '^[0-9a-f-]+$'`),
  ],
);
