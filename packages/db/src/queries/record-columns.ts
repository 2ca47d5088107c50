import type { RecordField } from '@meldesync/domain';
import { SYNCED_FIELDS, type SyncedRecord } from '@meldesync/protocol';
import { records } from '../schema/index.ts';

type SyncedField = keyof SyncedRecord;

/** The columns of a record as it is synced. */
export const syncedColumns = Object.fromEntries(SYNCED_FIELDS.map((field) => [field, records[field]])) as {
  readonly [Field in SyncedField]: (typeof records)[Field];
};

/** The name in Postgres of everything that a record is synced with. */
export const SYNCED_COLUMN_NAMES = Object.fromEntries(
  SYNCED_FIELDS.map((field) => [field, records[field].name]),
) as Readonly<Record<SyncedField, string>>;

/** The name of a field's column. */
export function columnOf(field: RecordField): string {
  return records[field].name;
}

/** Postgres prints `2026-01-22 10:00:00.123456+00` (TimeZone UTC); the wire has ISO 8601. */
export function isoTime(postgresTime: string): string {
  return `${postgresTime.slice(0, 10)}T${postgresTime.slice(11).replace(/\+00$/, 'Z')}`;
}

/** Makes a row of `syncedColumns` what travels. */
export function toSyncedRecord(row: SyncedRecord): SyncedRecord {
  return { ...row, updatedAt: isoTime(row.updatedAt) };
}
