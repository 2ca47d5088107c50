import { type EditableField, isEditable } from '@meldesync/domain';
import type { ConflictFieldName, RecordPatch } from '@meldesync/protocol';
import { fieldsOf } from '../edits/patches.ts';
import type { EditIntent } from '../types/edits.ts';
import type { ClientRecord } from '../types/records.ts';
import type { ConflictRow, FieldValue } from './conflict-rows.ts';

/** What a person decides for one field: what is there now, what they wanted, or something else. */
export type ConflictChoice = 'theirs' | 'mine' | { readonly value: FieldValue };

/** A choice per field. A field without one stays as it is now: nothing is merged that nobody asked for. */
export type ConflictChoices = { readonly [Field in ConflictFieldName]?: ConflictChoice };

/** How a conflict is settled. */
export type ConflictDecision =
  /** Nothing needs writing: it is settled by `Api.resolveConflict` with this resolution. */
  | { readonly settledBy: 'resolution'; readonly resolution: 'kept-theirs' }
  /** An edit settles it once it is accepted. */
  | { readonly settledBy: 'edit'; readonly intent: EditIntent };

interface SettleInput {
  /** The conflict's id. */
  readonly conflict: string;
  /** As the person saw them. */
  readonly rows: readonly ConflictRow[];
  readonly choices: ConflictChoices;
  /** The record as the person saw it when they chose: the edit is based on it. */
  readonly seen: ClientRecord;
}

/**
 * Makes the edit that settles a conflict as a person chose. It is `reapplied` when exactly what was attempted is set and
 * `merged` when only some of it or something else is. The segment cannot be set: what the import wrote stays.
 */
export function settleConflict({ conflict, rows, choices, seen }: SettleInput): ConflictDecision {
  const wanted = new Map<EditableField, FieldValue>();
  for (const row of rows) {
    if (isEditable(row.field)) wanted.set(row.field, valueOf(row, choices[row.field] ?? 'theirs'));
  }
  const set: RecordPatch = Object.fromEntries([...wanted].filter(([field, value]) => value !== seen[field]));
  if (fieldsOf(set).length === 0) return { settledBy: 'resolution', resolution: 'kept-theirs' };
  const isMine = rows.every((row) => {
    const value = isEditable(row.field) ? wanted.get(row.field) : row.current;
    return value === (row.isAttempted ? row.attempted : row.current);
  });
  return { settledBy: 'edit', intent: { seen, set, resolves: { conflict, as: isMine ? 'reapplied' : 'merged' } } };
}

/** "Mine" of a field the person had left alone is what is there: they wanted nothing of it. */
function valueOf(row: ConflictRow, choice: ConflictChoice): FieldValue {
  if (choice === 'theirs') return row.current;
  if (choice === 'mine') return row.isAttempted ? row.attempted : row.current;
  return choice.value;
}
