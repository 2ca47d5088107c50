import { FIELDS, type FieldValue, type RecordField } from '@meldesync/domain';
import { z } from 'zod';
import { shapeOf, valueSchema } from './field-schemas.ts';

type ChangedShape = { readonly [Field in RecordField]: z.ZodOptional<z.ZodType<FieldValue<Field>>> };

/** The fields of a record a change may set; on an insert all of them are present. */
export const changedFields = z.object(shapeOf<ChangedShape>(FIELDS, (field) => valueSchema(field).optional()));
export type ChangedFields = z.infer<typeof changedFields>;

/** One row of the `changes` table, as it travels to every client. */
export const change = z.object({
  /** Internal id of the record. */
  record: z.int().positive(),
  /** The record's version after this change. A client applies it only over a lower one. */
  version: z.int().positive(),
  op: z.enum(['insert', 'update', 'delete']),
  /** Changed fields after the change; empty on a delete. */
  set: changedFields,
  /** `user:<id>` or `db:<role>` (R5.1); an import is made by the person who uploaded the file. */
  by: z.string(),
  /** Where the change came from. */
  via: z.enum(['web', 'cli', 'api', 'import', 'sql']),
  /** ISO 8601 UTC with microseconds. */
  at: z.string(),
  /** The client's operation id, absent when the change had none. Lets a client know its own edit. */
  operation: z.string().optional(),
});
export type Change = z.infer<typeof change>;
