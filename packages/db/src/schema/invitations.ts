import { sql } from 'drizzle-orm';
import { check, index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { user } from './auth.ts';
import { workspaces } from './workspaces.ts';

/** Who was asked into a workspace, by a link that works once. */
export const invitations = pgTable(
  'invitations',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    workspaceId: uuid('workspace_id')
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    /** In lower case. */
    email: text('email').notNull(),
    /** What the person is called, if the administrator says; else they say it themselves. */
    name: text('name'),
    role: text('role', { enum: ['viewer', 'editor', 'admin', 'auditor'] }).notNull(),
    /** When the membership is to end. */
    memberExpiresAt: timestamp('member_expires_at', { withTimezone: true }),
    /** SHA-256 of the link's secret, in hex. */
    secretHash: text('secret_hash').notNull().unique(),
    createdBy: text('created_by').references(() => user.id, { onDelete: 'set null' }),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
    acceptedAt: timestamp('accepted_at', { withTimezone: true }),
    acceptedBy: text('accepted_by').references(() => user.id, { onDelete: 'set null' }),
    revokedAt: timestamp('revoked_at', { withTimezone: true }),
  },
  (table) => [
    index('invitations_workspace').on(table.workspaceId, table.createdAt),
    index('invitations_email').on(table.email),
    index('invitations_created_by').on(table.createdBy),
    check('invitations_role', sql`${table.role} in ('viewer', 'editor', 'admin', 'auditor')`),
  ],
);
