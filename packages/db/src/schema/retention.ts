import { sql } from 'drizzle-orm';
import { bigint, boolean, check, index, integer, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { bytea } from './bytea.ts';

/**
 * Runs of retention: those that are due, and those that somebody asked for. A worker takes up what has not begun; what it says at the
 * end is the report. Without content: counts, kinds and months.
 */
export const retentionRuns = pgTable(
  'retention_runs',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    /** `user:<id>`, or `system` where it was due. */
    askedBy: text('asked_by').notNull(),
    /** It only says what would go. */
    isDryRun: boolean('is_dry_run').notNull(),
    askedAt: timestamp('asked_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
    startedAt: timestamp('started_at', { withTimezone: true, mode: 'string' }),
    finishedAt: timestamp('finished_at', { withTimezone: true, mode: 'string' }),
    report: jsonb('report').$type<Record<string, unknown>>(),
    /** Why it ended before its end. */
    failure: text('failure'),
  },
  (table) => [
    index('retention_runs_asked').on(table.id).where(sql`finished_at is null`),
    check('retention_runs_asked_by', sql`length(asked_by) between 1 and 200`),
  ],
);

/**
 * Erasures, and what is left of them to do outside of the database: streams of Redis and archives. What was erased is here in no form
 * but hashes under a salt, by which archives are searched; both go once that is done.
 */
export const erasures = pgTable(
  'erasures',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    workspaceId: uuid('workspace_id').notNull(),
    /** Id of the event that tells of it. */
    event: bigint('event', { mode: 'number' }).notNull(),
    at: timestamp('at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
    /** Internal ids of the records that are gone. */
    records: bigint('records', { mode: 'number' }).array().notNull(),
    /** End of Postgres' log then, as a decimal: what streams hold from before it names what was erased. */
    logEnd: text('log_end').notNull(),
    /** Null once all is done, as `hashes`. */
    salt: bytea('salt'),
    /** SHA-256 of the salt and a case id or a Vorgangsnummer. */
    hashes: bytea('hashes').array(),
    streamsDoneAt: timestamp('streams_done_at', { withTimezone: true, mode: 'string' }),
    archivesDoneAt: timestamp('archives_done_at', { withTimezone: true, mode: 'string' }),
  },
  () => [check('erasures_salt', sql`(salt is null) = (hashes is null)`)],
);

/** Of records whose history is gone the version that they had last: one that comes back under its id goes on from it (R2.5). */
export const goneRecords = pgTable('gone_records', {
  recordId: bigint('record_id', { mode: 'number' }).primaryKey(),
  version: integer('version').notNull(),
});
