import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { user } from './auth.ts';

/** A team that shares one list: a hospital's site. The unit of the feed and of every permission. */
export const workspaces = pgTable('workspaces', {
  id: uuid('id').primaryKey().defaultRandom(),
  name: text('name').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  /** From then on nobody opens it, and nothing in it changes; it is all still there. */
  archivedAt: timestamp('archived_at', { withTimezone: true }),
  /** Of the demo: what is in it was made up. */
  isDemo: boolean('is_demo').notNull().default(false),
  /** Raised by each change of this row, for who changes it at the same time. */
  version: integer('version').notNull().default(1),
});

/** Who belongs to a workspace, with one role each. */
export const members = pgTable(
  'members',
  {
    workspaceId: uuid('workspace_id')
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    userId: text('user_id')
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
    role: text('role', { enum: ['viewer', 'editor', 'admin', 'auditor'] }).notNull(),
    /** By whom it was given: a person, or a group of the provider of single sign-on, with which it goes again. */
    source: text('source', { enum: ['manual', 'groups'] })
      .notNull()
      .default('manual'),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    /** From then on it counts no more. */
    expiresAt: timestamp('expires_at', { withTimezone: true }),
    /** It does not count until an administrator lifts that. */
    suspendedAt: timestamp('suspended_at', { withTimezone: true }),
    /** Raised by each change of this row, for who changes it at the same time. */
    version: integer('version').notNull().default(1),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.userId] }),
    index('members_user').on(table.userId),
    check('members_source', sql`${table.source} in ('manual', 'groups')`),
    check('members_role', sql`${table.role} in ('viewer', 'editor', 'admin', 'auditor')`),
  ],
);
