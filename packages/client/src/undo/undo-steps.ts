import { type EditableField, type FieldValue, pickFields } from '@meldesync/domain';
import type { RecordPatch } from '@meldesync/protocol';
import { asStored, fieldsOf } from '../edits/patches.ts';
import type { EditIntent } from '../types/edits.ts';
import type { ClientRecord } from '../types/records.ts';

/** What one edit did to one record. */
interface StepItem {
  readonly record: number;
  /** The fields it set, with the values the person saw before … */
  readonly before: RecordPatch;
  /** … and those it gave them. */
  readonly after: RecordPatch;
}

/** One edit that can be taken back as a whole. The items are those that came about. */
export interface UndoStep {
  readonly label: string | null;
  items: readonly StepItem[];
}

export type UndoDirection = 'undo' | 'redo';

/** Why a step cannot be taken: someone changed what it would set, or the record is gone. */
export type UndoObstacle =
  | {
      readonly reason: 'changed';
      readonly record: number;
      readonly field: EditableField;
      /** What this tab had made of it, and what it is now. */
      readonly expected: FieldValue<EditableField>;
      readonly current: FieldValue<EditableField>;
      /** Who changed it (`user:<id>`, `db:<role>`) and when: the field where that was seen, else the record. */
      readonly by: string;
      readonly at: string;
    }
  | { readonly reason: 'deleted'; readonly record: number };

/** The step of some intents; null when they change nothing. */
export function toStep(intents: readonly EditIntent[], label: string | null): UndoStep | null {
  const items = intents.flatMap(({ seen, ...intent }): StepItem[] => {
    const set = asStored(intent.set);
    const fields = fieldsOf(set).filter((field) => set[field] !== seen[field]);
    if (fields.length === 0) return [];
    const after = Object.fromEntries(fields.map((field) => [field, set[field]]));
    return [{ record: seen.id, before: pickFields(seen, fields), after }];
  });
  return items.length > 0 ? { label, items } : null;
}

/** The edit that takes a step, based on the records as they are shown now; or what stands against it. */
export function planStep(
  { items }: UndoStep,
  direction: UndoDirection,
  shown: (record: number) => ClientRecord | undefined,
): { readonly intents: EditIntent[]; readonly obstacles: UndoObstacle[] } {
  const intents: EditIntent[] = [];
  const obstacles: UndoObstacle[] = [];
  for (const { record, before, after } of items) {
    const seen = shown(record);
    if (!seen) {
      obstacles.push({ reason: 'deleted', record });
      continue;
    }
    const given = direction === 'undo' ? after : before;
    for (const field of fieldsOf(given)) {
      const expected = given[field] ?? null;
      const current = seen[field];
      if (current === expected) continue;
      obstacles.push({ reason: 'changed', record, field, expected, current, by: seen.updatedBy, at: seen.updatedAt });
    }
    intents.push({ seen, set: direction === 'undo' ? before : after });
  }
  return { intents, obstacles };
}
