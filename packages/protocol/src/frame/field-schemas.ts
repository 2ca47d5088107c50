import { descriptorOf, type FieldKind, isTyped, RECORD_FIELDS, type RecordField } from '@meldesync/domain';
import { z } from 'zod';

const KIND_SCHEMAS = {
  identity: z.string(),
  segment: z.string(),
  case: z.string(),
  flag: z.boolean(),
  person: z.string(),
  text: z.string(),
} as const satisfies Readonly<Record<FieldKind, z.ZodType>>;

/** What a field holds when it is read: a length that only a newer node takes is taken. */
export function valueSchema(field: RecordField): z.ZodType {
  return orNull(field, KIND_SCHEMAS[descriptorOf(field).kind]);
}

/** What a person may set a field to, within the field's limit. */
export function enteredSchema(field: RecordField): z.ZodType {
  return isTyped(field) ? orNull(field, z.string().max(RECORD_FIELDS[field].limit)) : valueSchema(field);
}

/**
 * Makes the shape of an object of some fields, in the order of their names. Its type, which the caller gives by the
 * domain's `FieldValue`, says what the schemas take: the compiler cannot follow a loop over names.
 */
export function shapeOf<Shape extends Readonly<Partial<Record<RecordField, z.ZodType>>>>(
  fields: readonly (keyof Shape & RecordField)[],
  schemaOf: (field: RecordField) => z.ZodType,
): Shape {
  return Object.fromEntries(fields.map((field) => [field, schemaOf(field)])) as unknown as Shape;
}

function orNull(field: RecordField, schema: z.ZodType): z.ZodType {
  return descriptorOf(field).isNullable ? schema.nullable() : schema;
}
