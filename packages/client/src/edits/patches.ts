import {
  differingFields,
  EDITABLE_FIELDS,
  type EditableField,
  normalisePatch,
  pickFields,
  type RecordPatch,
} from '@meldesync/domain';
import type { ClientRecord } from '../types/records.ts';

/** The fields a patch sets. */
export function fieldsOf(patch: RecordPatch): EditableField[] {
  return EDITABLE_FIELDS.filter((field) => patch[field] !== undefined);
}

/** The patches in their order, later ones over earlier ones; `before` itself when it says the same. */
export function mergePatches(patches: readonly RecordPatch[], before: RecordPatch): RecordPatch {
  const merged: RecordPatch = Object.assign({}, ...patches);
  return differingFields(EDITABLE_FIELDS, merged, before).length === 0 ? before : merged;
}

/** The fields in which two records differ, with their values after it; none when one of them is not there. */
export function changedFields(before: ClientRecord | undefined, after: ClientRecord | undefined): RecordPatch {
  if (!before || !after || before === after) return {};
  return pickFields(after, differingFields(EDITABLE_FIELDS, before, after));
}

/** The patch as the server stores it, so that the answer changes nothing on the screen; one it will refuse stays as it is. */
export function asStored(set: RecordPatch): RecordPatch {
  const normalised = normalisePatch(set);
  return normalised.ok ? { ...normalised.patch } : { ...set };
}
