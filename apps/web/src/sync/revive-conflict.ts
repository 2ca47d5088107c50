import { type ClientRecord, conflictRows } from '@meldesync/client';
import type { ConflictField, RecordPatch, StoredConflict } from '@meldesync/protocol';
import type { ConflictedEdit } from './conflict-queue.ts';

/**
 * A conflict as it was kept, made ready to be decided over the record as it stands now: the dialog shows what is there,
 * and the decision is based on that, not on what the conflict met when it arose.
 */
export function reviveConflict(stored: StoredConflict, now: ClientRecord): ConflictedEdit {
  const { record, baseVersion, conflict } = stored;
  const fields = stored.fields.map((field) => broughtUpToDate(field, now));
  const { mb: _mb, ...current } = now;
  const overlaps = conflictRows(fields).some((row) => row.overlaps);
  return {
    seen: now,
    set: attemptedIn(fields),
    outcome: { record, outcome: 'conflict', baseVersion, current, conflict, fields, overlaps },
  };
}

function broughtUpToDate(field: ConflictField, now: ClientRecord): ConflictField {
  const current = now[field.field];
  if (current === field.current) return field;
  return { ...field, current, changed: { by: now.updatedBy, at: now.updatedAt, version: now.version } };
}

function attemptedIn(fields: readonly ConflictField[]): RecordPatch {
  return Object.fromEntries(
    fields.flatMap(({ field, attempted }) => (attempted === undefined ? [] : [[field, attempted]])),
  );
}
