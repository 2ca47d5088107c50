import { FIELDS, type FieldValue, type RecordField } from '@meldesync/domain';
import { z } from 'zod';
import { shapeOf, valueSchema } from './field-schemas.ts';

type ChangedShape = { readonly [Field in RecordField]: z.ZodOptional<z.ZodType<FieldValue<Field>>> };

/** The fields of a record a change may set; on an insert all of them are present. */
export const changedFields = z.object(shapeOf<ChangedShape>(FIELDS, (field) => valueSchema(field).optional()));
export type ChangedFields = z.infer<typeof changedFields>;

/** Where a change may come from, as far as this version knows. */
export const CHANGE_SOURCES = ['web', 'cli', 'api', 'import', 'sql'] as const;
export type ChangeSource = (typeof CHANGE_SOURCES)[number];

/** Whether this version has a name for where a change came from; one that it has not is shown as it is (P44). */
export function isChangeSource(via: string): via is ChangeSource {
  return (CHANGE_SOURCES as readonly string[]).includes(via);
}

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
  /** Where the change came from: one of `CHANGE_SOURCES`, or a word that only a newer server knows (P44). */
  via: z.string(),
  /** ISO 8601 UTC with microseconds. */
  at: z.string(),
  /** The client's operation id, absent when the change had none. Lets a client know its own edit. */
  operation: z.string().optional(),
});
export type Change = z.infer<typeof change>;
