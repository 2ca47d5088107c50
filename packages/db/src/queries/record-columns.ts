import type { SyncedRecord } from '@meldesync/protocol';
import { records } from '../schema/index.ts';

/** The columns of a record as it is synced. */
export const syncedColumns = {
  id: records.id,
  version: records.version,
  vorgangsnummer: records.vorgangsnummer,
  ibe: records.ibe,
  caseId: records.caseId,
  done: records.done,
  assignee: records.assignee,
  note: records.note,
  updatedAt: records.updatedAt,
  updatedBy: records.updatedBy,
} as const;

/** Postgres prints `2026-01-22 10:00:00.123456+00` (TimeZone UTC); the wire has ISO 8601. */
export function isoTime(postgresTime: string): string {
  return `${postgresTime.slice(0, 10)}T${postgresTime.slice(11).replace(/\+00$/, 'Z')}`;
}

/** Makes a row of `syncedColumns` what travels. */
export function toSyncedRecord(row: SyncedRecord): SyncedRecord {
  return { ...row, updatedAt: isoTime(row.updatedAt) };
}
