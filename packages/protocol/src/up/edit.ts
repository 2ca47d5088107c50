import { EDITABLE_FIELDS, type EditableField, type FieldValue } from '@meldesync/domain';
import { z } from 'zod';
import { enteredSchema, shapeOf } from '../frame/field-schemas.ts';
import { traceparent } from './report.ts';

/** Limits of an edit; those of the fields are the domain's (R2.4: nothing is cut silently, it is refused). */
export const EDIT_LIMITS = { itemsPerEdit: 500, operation: 64 } as const;

type PatchShape = { readonly [Field in EditableField]: z.ZodExactOptional<z.ZodType<FieldValue<Field>>> };

/** The fields people edit. Null empties a field; an absent one stays as it is. Unknown fields are refused. */
export const recordPatch = z
  .strictObject(shapeOf<PatchShape>(EDITABLE_FIELDS, (field) => enteredSchema(field).exactOptional()))
  .refine((patch) => Object.keys(patch).length > 0, { message: 'at least one field' })
  // What describes the HTTP API takes an `exactOptional` field for one that must be there.
  .meta({ required: [], minProperties: 1 });
export type RecordPatch = z.infer<typeof recordPatch>;

/** A client's operation id: unique per edit, kept on a retry (UUID recommended). */
export const operationId = z
  .string()
  .min(8)
  .max(EDIT_LIMITS.operation)
  .regex(/^[A-Za-z0-9_-]+$/);

export const editItem = z.strictObject({
  record: z.int().positive(),
  /** The version the person saw. An edit on an old version is refused and never overwrites (R2.1, R2.5). */
  baseVersion: z.int().positive(),
  set: recordPatch,
  /** The stored conflict that this settles once it is accepted, and how (R5.2). */
  resolves: z.strictObject({ conflict: z.uuid(), as: z.enum(['reapplied', 'merged']) }).optional(),
});
export type EditItem = z.infer<typeof editItem>;

/** Edits of one or more records in one transaction, with an outcome each. Answered by `edited`. */
export const edit = z.strictObject({
  type: z.literal('edit'),
  operation: operationId,
  items: z.array(editItem).min(1).max(EDIT_LIMITS.itemsPerEdit),
  /** W3C trace context of the click. */
  traceparent: traceparent.optional(),
});
export type Edit = z.infer<typeof edit>;
