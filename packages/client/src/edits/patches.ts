import { normalisePatch } from '@meldesync/domain';
import type { RecordPatch } from '@meldesync/protocol';
import type { ClientRecord } from '../types/records.ts';

/** The fields people edit. */
export const PATCH_FIELDS = ['caseId', 'done', 'assignee', 'note'] as const satisfies readonly (keyof RecordPatch)[];
export type PatchField = (typeof PATCH_FIELDS)[number];

/** The fields a patch sets. */
export function fieldsOf(patch: RecordPatch): PatchField[] {
  return PATCH_FIELDS.filter((field) => patch[field] !== undefined);
}

/** Whether a patch changes nothing of a record. */
export function agrees(record: ClientRecord, patch: RecordPatch): boolean {
  return PATCH_FIELDS.every((field) => patch[field] === undefined || patch[field] === record[field]);
}

/** The patches in their order, later ones over earlier ones; `before` itself when it says the same. */
export function mergePatches(patches: readonly RecordPatch[], before: RecordPatch): RecordPatch {
  const merged: RecordPatch = Object.assign({}, ...patches);
  return PATCH_FIELDS.every((field) => merged[field] === before[field]) ? before : merged;
}

/** The values of some fields. */
export function pickFields(record: ClientRecord, fields: readonly PatchField[]): RecordPatch {
  return Object.fromEntries(fields.map((field) => [field, record[field]]));
}

/** The fields in which two records differ, with their values after it; none when one of them is not there. */
export function changedFields(before: ClientRecord | undefined, after: ClientRecord | undefined): RecordPatch {
  if (!before || !after || before === after) return {};
  return pickFields(
    after,
    PATCH_FIELDS.filter((field) => before[field] !== after[field]),
  );
}

/** The patch as the server stores it, so that the answer changes nothing on the screen; one it will refuse stays as it is. */
export function asStored(set: RecordPatch): RecordPatch {
  const normalised = normalisePatch(set);
  return normalised.ok ? { ...normalised.patch } : { ...set };
}
