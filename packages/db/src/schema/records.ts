import { PATCH_LIMITS, TYPED_FIELDS } from '@meldesync/domain';
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  date,
  index,
  integer,
  pgTable,
  smallint,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { workspaces } from './workspaces.ts';

/** The n-th of the 11 fields of the hash string, which is the third part of the segment. */
const field = (n: number) => sql.raw(`split_part(split_part(ibe, '+', 3), '&', ${n})`);

/**
 * One Meldebestätigung in one workspace. `ibe` is the truth of the parsed fields: the columns below it are generated
 * from it, so they can be queried but never contradict it. Version, time and actor are set by the triggers alone.
 */
export const records = pgTable(
  'records',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    workspaceId: uuid('workspace_id')
      .notNull()
      .references(() => workspaces.id),
    vorgangsnummer: text('vorgangsnummer').notNull(),
    ibe: text('ibe').notNull(),
    caseId: text('case_id'),
    done: boolean('done').notNull().default(false),
    assignee: text('assignee'),
    note: text('note'),
    version: integer('version').notNull().default(1),
    createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' })
      .notNull()
      .default(sql`clock_timestamp()`),
    updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'string' })
      .notNull()
      .default(sql`clock_timestamp()`),
    updatedBy: text('updated_by').notNull().default(''),
    code: text('code').generatedAlwaysAs(field(1)),
    leistungsdatum: date('leistungsdatum', { mode: 'string' }).generatedAlwaysAs(
      sql.raw(
        `make_date(substr(split_part(split_part(ibe, '+', 3), '&', 2), 1, 4)::int, substr(split_part(split_part(ibe, '+', 3), '&', 2), 5, 2)::int, substr(split_part(split_part(ibe, '+', 3), '&', 2), 7, 2)::int)`,
      ),
    ),
    leistungserbringerId: text('leistungserbringer_id').generatedAlwaysAs(field(3)),
    datenknotenId: text('datenknoten_id').generatedAlwaysAs(field(4)),
    typ: smallint('typ').generatedAlwaysAs(sql`(${field(5)})::smallint`),
    indikation: text('indikation').generatedAlwaysAs(field(6)),
    artDerDaten: text('art_der_daten').generatedAlwaysAs(field(9)),
    artDerSequenzierung: smallint('art_der_sequenzierung').generatedAlwaysAs(sql`(${field(10)})::smallint`),
    qualitaetskontrolle: smallint('qualitaetskontrolle').generatedAlwaysAs(sql`(${field(11)})::smallint`),
  },
  (table) => [
    uniqueIndex('records_natural_key').on(table.workspaceId, table.vorgangsnummer),
    index('records_workspace').on(table.workspaceId, table.id),
    index('records_case').on(table.workspaceId, table.caseId).where(sql`case_id is not null`),
    // Not valid for rows from before it (migration 0012). No client could read a record with another id: it is a number of JSON.
    check('records_id', sql`${table.id} between 1 and 9007199254740991`),
    check('records_vorgangsnummer', sql`${table.vorgangsnummer} ~ '^[0-9a-f]{64}$'`),
    check('records_ibe', sql`${table.ibe} ~ '^IBE\\+[0-9A-Za-z]{10}\\+[0-9A-Za-z&]{56}\\+[0-9]\\+[0-9a-f]{64}$'`),
    check(
      'records_limits',
      sql.raw(TYPED_FIELDS.map((name) => `length(${table[name].name}) <= ${PATCH_LIMITS[name]}`).join(' and ')),
    ),
  ],
);
