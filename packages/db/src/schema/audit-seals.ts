import { sql } from 'drizzle-orm';
import { bigint, boolean, check, integer, pgTable, primaryKey, text, timestamp, unique } from 'drizzle-orm/pg-core';
import { bytea } from './bytea.ts';

/**
 * The chain that proves the trail (R5.5): one link a batch of entries of `changes` and `events`, made by `meldesync_seal`. What each
 * column goes into, byte for byte, is in docs/AUDIT.md. Written once; a trigger sees to that.
 */
export const auditSeals = pgTable(
  'audit_seals',
  {
    no: bigint('no', { mode: 'number' }).primaryKey(),
    /** Of which server, and of which of its lives, the transaction ids are: `<system identifier>/<timeline>`. */
    incarnation: text('incarnation').notNull(),
    /** Entries up to these ids are sealed in the order of their ids, for their transaction ids may be another server's. */
    changesBase: bigint('changes_base', { mode: 'number' }).notNull(),
    eventsBase: bigint('events_base', { mode: 'number' }).notNull(),
    /** Of the transactions that wrote the first and the last entry; null where entries are in the order of their ids. */
    firstTxid: text('first_txid'),
    lastTxid: text('last_txid'),
    leaves: integer('leaves').notNull(),
    /** Entries of all seals up to this one. */
    size: bigint('size', { mode: 'number' }).notNull(),
    at: timestamp('at', { withTimezone: true, mode: 'string' }).notNull(),
    /** Of the Merkle tree over the leaves (RFC 6962). */
    root: bytea('root').notNull(),
    /** Link of the seal before; 32 zeros in the first. */
    previous: bytea('previous').notNull(),
    link: bytea('link').notNull(),
  },
  () => [
    check('audit_seals_hashes', sql`length(root) = 32 and length(previous) = 32 and length(link) = 32`),
    check('audit_seals_count', sql`no >= 1 and leaves >= 1 and size >= leaves`),
  ],
);

/** One entry each: where it is sealed, and what its hash is made of. All that may change is that content is erased or an entry cut. */
export const auditLeaves = pgTable(
  'audit_leaves',
  {
    seal: bigint('seal', { mode: 'number' }).notNull(),
    /** In the tree of the seal, from 0. */
    position: integer('position').notNull(),
    /** `c` for one of `changes`, `e` for one of `events`. */
    source: text('source', { enum: ['c', 'e'] }).notNull(),
    /** Its id there. */
    entry: bigint('entry', { mode: 'number' }).notNull(),
    /** Keeps what the content was from being guessed by its hash; goes with the content. */
    salt: bytea('salt'),
    /** The commitment to the content, `sha256(salt || content)`, once the salt is gone. */
    content: bytea('content'),
    leaf: bytea('leaf').notNull(),
    /** Id of the event `case-erased` that erased the content. */
    erased: bigint('erased', { mode: 'number' }),
    /** Id of the event `retention-ran` that took the entry away. */
    cut: bigint('cut', { mode: 'number' }),
  },
  (table) => [
    primaryKey({ columns: [table.seal, table.position] }),
    unique('audit_leaves_entry').on(table.source, table.entry),
    check('audit_leaves_source', sql`source in ('c', 'e')`),
    check('audit_leaves_salt', sql`length(salt) = 16 or (salt is null and (erased is not null or cut is not null))`),
    check('audit_leaves_hashes', sql`length(leaf) = 32 and length(content) = 32`),
  ],
);

/** Signed words about the chain as it was: they are outside the database too, so that a tail that was cut off is missed. */
export const auditCheckpoints = pgTable(
  'audit_checkpoints',
  {
    /** The seal whose link is signed. */
    no: bigint('no', { mode: 'number' }).primaryKey(),
    size: bigint('size', { mode: 'number' }).notNull(),
    link: bytea('link').notNull(),
    /** When it was sealed. */
    at: timestamp('at', { withTimezone: true, mode: 'string' }).notNull(),
    /** The first 16 hex digits of the public key's SHA-256. */
    keyId: text('key_id').notNull(),
    signature: bytea('signature').notNull(),
  },
  () => [check('audit_checkpoints_signature', sql`length(link) = 32 and length(signature) = 64`)],
);

/** One row: how far the sealing has come. Nothing is proved by it. */
export const auditState = pgTable(
  'audit_state',
  {
    single: boolean('single').primaryKey().default(true),
    incarnation: text('incarnation'),
    changesBase: bigint('changes_base', { mode: 'number' }).notNull().default(0),
    eventsBase: bigint('events_base', { mode: 'number' }).notNull().default(0),
    /** `waiting` for the transactions that may still write up to the bases, then entries `by-id` up to them, then `by-txid`. */
    phase: text('phase', { enum: ['waiting', 'by-id', 'by-txid'] })
      .notNull()
      .default('waiting'),
    /** All entries up to these ids are sealed, and no further one will come. */
    changesDone: bigint('changes_done', { mode: 'number' }).notNull().default(0),
    eventsDone: bigint('events_done', { mode: 'number' }).notNull().default(0),
    /** Ids given out when it was looked last; what is needed to know that no transaction writes below them any more. */
    changesMark: bigint('changes_mark', { mode: 'number' }),
    eventsMark: bigint('events_mark', { mode: 'number' }),
    /** The transactions that ran then. */
    markWaits: text('mark_waits').array(),
    /** The next transaction id once they had ended, 20 digits. */
    markTxid: text('mark_txid'),
    /** The last entry sealed in this phase; the transaction id with 20 digits. */
    lastTxid: text('last_txid').notNull().default(''),
    lastSource: text('last_source').notNull().default(''),
    lastEntry: bigint('last_entry', { mode: 'number' }).notNull().default(0),
    /** A batch was full: there is more. */
    isBehind: boolean('is_behind').notNull().default(false),
    /** Up to which transaction all had ended, 20 digits, and since when. */
    finalTxid: text('final_txid').notNull().default(''),
    finalSince: timestamp('final_since', { withTimezone: true, mode: 'string' }),
  },
  (table) => [check('audit_state_single', sql`${table.single}`)],
);
