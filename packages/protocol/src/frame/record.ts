import { descriptorOf, FIELDS, type FieldValue, type RecordField } from '@meldesync/domain';
import { z } from 'zod';
import { shapeOf, valueSchema } from './field-schemas.ts';

type ContentShape = { readonly [Field in RecordField]: z.ZodType<FieldValue<Field>> };

/**
 * A record as it is synced: one Meldebestätigung in one workspace. The parsed fields are not carried; `ibe` holds them
 * all and `parseIbeSegment` of the domain takes it apart.
 */
export const syncedRecord = z.object({
  /** Internal id, the only one that logs and traces may carry. */
  id: z.int().positive(),
  /** Counts the changes of the record from 1; only ever goes up (R2.5). */
  version: z.int().positive(),
  /** What it holds: `RECORD_FIELDS` of the domain says what each field is. */
  ...shapeOf<ContentShape>(FIELDS, readableSchema),
  /** Time of the latest change, ISO 8601 UTC. */
  updatedAt: z.string(),
  /** Who made the latest change: `user:<id>` or `db:<role>`. */
  updatedBy: z.string(),
});
export type SyncedRecord = z.infer<typeof syncedRecord>;

/** Everything that a record is synced with. */
export const SYNCED_FIELDS: readonly (keyof SyncedRecord)[] = syncedRecord.keyof().options;

/** A field that may be empty is empty where a node does not know it yet: in a rolling upgrade clients may be newer. */
function readableSchema(field: RecordField): z.ZodType {
  const schema = valueSchema(field);
  return descriptorOf(field).isNullable ? schema.default(null) : schema;
}
