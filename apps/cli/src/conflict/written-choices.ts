import { type ClientRecord, type ConflictChoices, type ConflictRow, conflictRows } from '@meldesync/client';
import type { ConflictField, RecordPatch, StoredConflict } from '@meldesync/protocol';

/** What a decision without questions is made over. */
export interface WrittenCase {
  readonly rows: readonly ConflictRow[];
  readonly choices: ConflictChoices;
  readonly seen: ClientRecord;
}

/** All that was attempted, over the state that the conflict told of. */
export function chooseMine(stored: StoredConflict, record: ClientRecord): WrittenCase {
  const choices = Object.fromEntries(stored.fields.map(({ field }) => [field, 'mine'] as const));
  return { rows: conflictRows(stored.fields), choices, seen: asTold(stored, record) };
}

/** These values, over the state that the conflict told of; they may be of fields that were in no conflict. */
export function chooseValues(stored: StoredConflict, record: ClientRecord, set: RecordPatch): WrittenCase {
  const names = Object.keys(set) as Array<keyof RecordPatch>;
  const others = names
    .filter((name) => stored.fields.every(({ field }) => field !== name))
    .map((field): ConflictField => ({ field, base: record[field], current: record[field] }));
  const choices = Object.fromEntries(Object.entries(set).map(([field, value]) => [field, { value }]));
  return { rows: conflictRows([...stored.fields, ...others]), choices, seen: asTold(stored, record) };
}

/**
 * The record as the person knows it, who decides by what the conflict said: what came after that is not overwritten but
 * makes a conflict of its own (R2.1).
 */
function asTold({ currentVersion, fields }: StoredConflict, record: ClientRecord): ClientRecord {
  return { ...record, version: currentVersion, ...Object.fromEntries(fields.map((row) => [row.field, row.current])) };
}
