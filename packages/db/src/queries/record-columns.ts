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

const POSTGRES_TIME = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)\+00$/;

/**
 * Postgres prints `2026-01-22 10:00:00.123456+00` (TimeZone UTC); the wire has ISO 8601. Other times that Postgres has, such as
 * `infinity` or one of the year 20000, stay as they are, and are shown so.
 */
export function isoTime(postgresTime: string): string {
  const [, day, time] = POSTGRES_TIME.exec(postgresTime) ?? [];
  return day === undefined || time === undefined ? postgresTime : `${day}T${time}Z`;
}

/** Makes a row of `syncedColumns` what travels. */
export function toSyncedRecord(row: SyncedRecord): SyncedRecord {
  return { ...row, updatedAt: isoTime(row.updatedAt) };
}
