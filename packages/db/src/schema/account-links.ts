import { sql } from 'drizzle-orm';
import { check, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { user } from './auth.ts';

/** Links that work once: the first set-up of the installation, and a new password for an account. */
export const accountLinks = pgTable(
  'account_links',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    kind: text('kind', { enum: ['setup', 'password'] }).notNull(),
    /** Whose password it is about; null for the set-up. */
    userId: text('user_id').references(() => user.id, { onDelete: 'cascade' }),
    /** SHA-256 of the link's secret, in hex. */
    secretHash: text('secret_hash').notNull().unique(),
    createdBy: text('created_by').references(() => user.id, { onDelete: 'set null' }),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
    usedAt: timestamp('used_at', { withTimezone: true }),
  },
  (table) => [
    check('account_links_kind', sql`${table.kind} in ('setup', 'password')`),
    check('account_links_user', sql`(${table.kind} = 'setup') = (${table.userId} is null)`),
  ],
);
