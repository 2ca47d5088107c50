import type { ConflictField } from '@meldesync/protocol';
import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import { workspaces } from './workspaces.ts';

/**
 * Every edit item that met a newer version, and how that ended (R5.2). Part of the audit trail: what happened is written
 * once, the resolution once after it; a trigger and the grants of the application's role see to that. Holds case ids.
 */
export const conflicts = pgTable(
  'conflicts',
  {
    id: uuid('id').primaryKey(),
    workspaceId: uuid('workspace_id')
      .notNull()
      .references(() => workspaces.id),
    /** No reference: the conflict outlives the record. */
    recordId: bigint('record_id', { mode: 'number' }).notNull(),
    /** Whose edit was refused. */
    userId: text('user_id').notNull(),
    via: text('via', { enum: ['web', 'cli', 'api'] }).notNull(),
    operation: text('operation').notNull(),
    baseVersion: integer('base_version').notNull(),
    currentVersion: integer('current_version').notNull(),
    fields: jsonb('fields').notNull().$type<ConflictField[]>(),
    overlaps: boolean('overlapping').notNull(),
    at: timestamp('at', { withTimezone: true, mode: 'string' }).notNull().default(sql`clock_timestamp()`),
    /** This and the columns below: null while it is open. */
    resolution: text('resolution', { enum: ['kept-theirs', 'reapplied', 'merged', 'dropped', 'superseded'] }),
    /** User id. */
    resolvedBy: text('resolved_by'),
    resolvedAt: timestamp('resolved_at', { withTimezone: true, mode: 'string' }),
    /** The edit that settled or superseded it; null when none did. */
    resolvedOperation: text('resolved_operation'),
    /** The conflict that the next try met. */
    supersededBy: uuid('superseded_by').references((): AnyPgColumn => conflicts.id),
  },
  (table) => [
    index('conflicts_workspace').on(table.workspaceId, table.at, table.id),
    index('conflicts_user').on(table.workspaceId, table.userId, table.at, table.id),
    index('conflicts_record').on(table.recordId, table.at),
    // Else each one that goes reads all of them, for the reference.
    index('conflicts_superseded').on(table.supersededBy).where(sql`superseded_by is not null`),
    check(
      'conflicts_resolution',
      sql`num_nulls(resolution, resolved_by, resolved_at) in (0, 3)
        and (resolution is not null or resolved_operation is null)
        and (superseded_by is not null) = (resolution is not distinct from 'superseded')`,
    ),
    check('conflicts_via', sql`via in ('web', 'cli', 'api')`),
    check('conflicts_resolutions', sql`resolution in ('kept-theirs', 'reapplied', 'merged', 'dropped', 'superseded')`),
  ],
);
