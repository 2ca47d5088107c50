import { index, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { workspaces } from './workspaces.ts';

/** Edits by their operation id, with the answer they got: a retry gets it again, on any node. */
export const editOperations = pgTable(
  'edit_operations',
  {
    workspaceId: uuid('workspace_id')
      .notNull()
      .references(() => workspaces.id),
    operation: text('operation').notNull(),
    userId: text('user_id').notNull(),
    /** What was asked for; another request under the same id is refused. */
    items: jsonb('items').notNull(),
    /** Null only while the transaction that carries it out is open. */
    outcomes: jsonb('outcomes'),
    at: timestamp('at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.operation] }),
    // By which those go that nobody tries again.
    index('edit_operations_at').on(table.at),
  ],
);
