import type { AuditEventKind } from '@meldesync/protocol';
import { sql } from 'drizzle-orm';
import { bigint, check, index, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';

/**
 * What people and the system did that is no change of a record (R5.1): written in the transaction of the act, never changed. A
 * trigger and the grants see to that. References nothing: it outlives what it is about. In partitions by month of `at`, which
 * `meldesync_events_partitions` makes ahead of time; what fits into none goes to `events_default`.
 */
export const events = pgTable(
  'events',
  {
    id: bigint('id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    /** 64-bit id of the transaction that wrote it, as in `changes`. */
    txid: text('txid').notNull().default(sql`pg_current_xact_id()::text`),
    at: timestamp('at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
    /** What was done, such as `member-invited`. */
    kind: text('kind').$type<AuditEventKind>().notNull(),
    /** `user:<id>`, `setup` for who opened the set-up link, `system` for the service itself. */
    actor: text('actor').notNull(),
    /** The session it was done in. */
    sessionId: text('session_id'),
    /** The network address it came from. */
    address: text('address'),
    workspaceId: uuid('workspace_id'),
    /** What or whom it is about: `user:<id>`, `invitation:<id>`, `workspace:<id>`, `session:<id>`, `record:<id>`, `lock:<id>`, `import:<id>`. */
    subject: text('subject'),
    before: jsonb('before').$type<Record<string, unknown>>(),
    after: jsonb('after').$type<Record<string, unknown>>(),
  },
  (table) => [
    // No primary key: `pg_restore --clean` cannot drop that of a partition. It holds what the table is partitioned by.
    uniqueIndex('events_id').on(table.id, table.at),
    index('events_workspace').on(table.workspaceId, table.id),
    index('events_subject').on(table.subject, table.id),
    // The trail of a workspace, and that of all, newest first.
    index('events_workspace_at').on(table.workspaceId, table.at, table.id),
    index('events_at').on(table.at, table.id),
    // Events that name records beside their subject.
    index('events_records')
      .using('gin', sql`(coalesce(after -> 'records', before -> 'records')) jsonb_path_ops`)
      .where(sql`coalesce(after -> 'records', before -> 'records') is not null`),
    check('events_txid', sql`txid ~ '^[0-9]+$' and length(txid) <= 20`),
    check('events_kind', sql`${table.kind} ~ '^[a-z]+(-[a-z]+)*$' and length(${table.kind}) <= 64`),
    check('events_actor', sql`length(${table.actor}) between 1 and 200`),
    check('events_content', sql`jsonb_typeof(before) = 'object' and jsonb_typeof(after) = 'object'`),
  ],
);
