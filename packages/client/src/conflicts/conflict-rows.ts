import { CONFLICTING_FIELDS } from '@meldesync/domain';
import type { ConflictField, ConflictFieldName, SyncedRecord } from '@meldesync/protocol';

/** What a field of a record holds. */
export type FieldValue = ConflictField['base'];

/** One field of a conflict, ready to be shown side by side (R2.2). */
export interface ConflictRow {
  readonly field: ConflictFieldName;
  /** What the person saw when they decided. */
  readonly base: FieldValue;
  /** What it is now. */
  readonly current: FieldValue;
  /** What the person wanted; the base where they left the field alone. */
  readonly attempted: FieldValue;
  /** False where the person left the field alone. */
  readonly isAttempted: boolean;
  /** Both sides changed it, and not to the same value: one of the two has to go. */
  readonly overlaps: boolean;
  /** Who changed it since the base (`user:<id>`, `db:<role>`), and when; null when nobody did. */
  readonly by: string | null;
  readonly at: string | null;
}

/**
 * The rows of a conflict, of an outcome or as it is stored. `now` is the record as it stands when that may be newer than
 * the conflict: what has changed since then is its latest change.
 */
export function conflictRows(fields: readonly ConflictField[], now?: SyncedRecord): ConflictRow[] {
  const rows = fields.map((field) => toRow(field, now));
  return rows.sort((a, b) => CONFLICTING_FIELDS.indexOf(a.field) - CONFLICTING_FIELDS.indexOf(b.field));
}

function toRow(
  { field, base, current, attempted, changed }: ConflictField,
  now: SyncedRecord | undefined,
): ConflictRow {
  const value = now ? now[field] : current;
  const isNewer = now !== undefined && value !== current;
  const isAttempted = attempted !== undefined;
  return {
    field,
    base,
    current: value,
    attempted: isAttempted ? attempted : base,
    isAttempted,
    overlaps: isAttempted && attempted !== value && (isNewer || changed !== undefined),
    by: isNewer ? now.updatedBy : (changed?.by ?? null),
    at: isNewer ? now.updatedAt : (changed?.at ?? null),
  };
}
