import { sql } from 'drizzle-orm';
import { bigint, boolean, check, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { workspaces } from './workspaces.ts';

/** One row: the feed's epoch and the WAL position the relay has confirmed, with `feed_positions` as they were there. */
export const feedState = pgTable(
  'feed_state',
  {
    single: boolean('single').primaryKey().default(true),
    /** 8 hex digits; new whenever the log cannot go on from where the feed stood. */
    epoch: text('epoch').notNull(),
    /** Decimal LSN: replication restarts here when Redis lost entries. */
    confirmedLsn: text('confirmed_lsn').notNull(),
    /** What the checksums of the epoch's beginning hold: `pg_current_snapshot()` when they were taken. */
    baseSnapshot: text('base_snapshot'),
    /** Whose log the epoch is of: of which server, and of which of its lives. Null where a relay of 0.3.0 began it. */
    systemId: text('system_id'),
    timeline: integer('timeline'),
    /**
     * Which table `changes` is and which publication tells of it (`meldesync_history_identity`): either can be made anew over the
     * log that goes on. Null where a relay from before migration 0017 began the epoch.
     */
    history: text('history'),
    /** How often a relay has taken this epoch's feed over; what a relay writes bears its own. Null before the first. */
    token: bigint('token', { mode: 'number' }),
  },
  (table) => [check('feed_state_single', sql`${table.single}`)],
);

/** Each workspace's last frame at `feed_state.confirmed_lsn`: what the next frame's `prev` must be. */
export const feedPositions = pgTable('feed_positions', {
  workspaceId: uuid('workspace_id')
    .primaryKey()
    .references(() => workspaces.id, { onDelete: 'cascade' }),
  position: text('position').notNull(),
  /** Checksum of the workspace there; null where an epoch began before checksums were kept. */
  checksum: bigint('checksum', { mode: 'number' }),
});
