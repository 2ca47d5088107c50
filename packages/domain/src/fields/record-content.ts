import { EDITABLE_FIELDS, type EditableField, type FieldValue, isOfKind, type RecordField } from './field-names.ts';

/** What a record holds, by field: one Meldebestätigung in one workspace, and what people noted on it. */
export type RecordContent = { readonly [Field in RecordField]: FieldValue<Field> };

/** The part that people edit. */
export type EditedContent = { readonly [Field in EditableField]: FieldValue<Field> };

/** The changes people can make to a record; a field that is absent stays as it is. */
export type RecordPatch = { readonly [Field in EditableField]?: FieldValue<Field> };

/** What people have not edited yet. */
export const BLANK_CONTENT = Object.fromEntries(
  EDITABLE_FIELDS.map((field) => [field, isOfKind(field, 'flag') ? false : null]),
) as EditedContent;

/** A part of a record's content; a field that is absent is one that nothing is said of. */
type PartialContent<Field extends RecordField> = { readonly [Each in Field]?: FieldValue | undefined };

/**
 * Those of the fields in which two differ. Values are in their normal form and of primitive types, so to be equal is to
 * be the same.
 */
export function differingFields<Field extends RecordField>(
  fields: readonly Field[],
  a: PartialContent<Field>,
  b: PartialContent<Field>,
): Field[] {
  return fields.filter((field) => a[field] !== b[field]);
}

/** Whether a patch changes nothing of a record. */
export function isAsPatched(record: EditedContent, patch: RecordPatch): boolean {
  return EDITABLE_FIELDS.every((field) => patch[field] === undefined || patch[field] === record[field]);
}

/** The values of some fields. */
export function pickFields<Field extends RecordField>(
  from: { readonly [Each in Field]: FieldValue<Each> },
  fields: readonly Field[],
): { [Each in Field]?: FieldValue<Each> } {
  const picked: { [Each in Field]?: FieldValue<Each> } = {};
  for (const field of fields) picked[field] = from[field];
  return picked;
}
