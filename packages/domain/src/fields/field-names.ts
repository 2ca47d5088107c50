import type { FieldDescriptor, FieldKind, KindValues, TypedField } from './descriptor.ts';
import { RECORD_FIELDS } from './record-fields.ts';

type Fields = typeof RECORD_FIELDS;

/** Name of a field that a change can set, at the latest when it inserts the record. */
export type RecordField = keyof Fields;

/** The fields whose descriptor is so. */
type FieldsThat<Part> = { [Field in RecordField]: Fields[Field] extends Part ? Field : never }[RecordField];

/** A field that people edit. */
export type EditableField = FieldsThat<{ editedBy: 'people' }>;
/** A field that can stand in a conflict: one that may change while somebody edits it. */
export type ConflictingField = FieldsThat<{ editedBy: 'people' | 'import' }>;
/** A field that people edit by typing or choosing; the others are flags. */
export type TypedFieldName = FieldsThat<TypedField>;
/** A field that a search looks into. */
export type SearchedField = FieldsThat<{ isSearched: true }>;
/** A field of a kind. */
export type FieldOf<Kind extends FieldKind> = FieldsThat<{ kind: Kind }>;
/** What people note on a record beside its case and whether it is done; each has a column of its own in lists. */
export type AnnotationField = FieldOf<'person' | 'text'>;

/** What a field holds. */
export type FieldValue<Field extends RecordField = RecordField> = {
  [Each in Field]: KindValues[Fields[Each]['kind']] | (Fields[Each]['isNullable'] extends true ? null : never);
}[Field];

/** All that is to be known of a field. */
export function descriptorOf(field: RecordField): FieldDescriptor {
  return RECORD_FIELDS[field];
}

export function isRecordField(name: string): name is RecordField {
  return Object.hasOwn(RECORD_FIELDS, name);
}

export function isEditable(field: RecordField): field is EditableField {
  return descriptorOf(field).editedBy === 'people';
}

export function isTyped(field: RecordField): field is TypedFieldName {
  return 'limit' in descriptorOf(field);
}

/** Whether a field is of a kind. */
export function isOfKind<Kind extends FieldKind>(
  field: RecordField,
  ...kinds: readonly Kind[]
): field is FieldOf<Kind> {
  return kinds.some((kind) => kind === descriptorOf(field).kind);
}

/** Every field, in the order in which they are shown. So are all lists below. */
export const FIELDS = Object.keys(RECORD_FIELDS) as readonly RecordField[];
/** The fields people edit, and can take back. */
export const EDITABLE_FIELDS = FIELDS.filter(isEditable);
/** The fields people type or choose. */
export const TYPED_FIELDS = FIELDS.filter(isTyped);
export const ANNOTATION_FIELDS: readonly AnnotationField[] = FIELDS.filter((field) =>
  isOfKind(field, 'person', 'text'),
);
export const SEARCHED_FIELDS = FIELDS.filter((field): field is SearchedField => descriptorOf(field).isSearched);
/** The fields that hold a member of the workspace. */
export const PERSON_FIELDS: readonly FieldOf<'person'>[] = FIELDS.filter((field) => isOfKind(field, 'person'));
/** The fields that can stand in a conflict: first what people edit. */
export const CONFLICTING_FIELDS: readonly ConflictingField[] = [
  ...EDITABLE_FIELDS,
  ...FIELDS.filter(
    (field): field is Exclude<ConflictingField, EditableField> => descriptorOf(field).editedBy === 'import',
  ),
];
