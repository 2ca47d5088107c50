import { z } from 'zod';

/** Limits of the editable fields, in UTF-16 code units (R2.4: nothing is cut silently, it is refused). */
export const EDIT_LIMITS = { caseId: 64, note: 2_000, assignee: 64, itemsPerEdit: 500, operation: 64 } as const;

/** The fields people edit. Null empties a field; an absent one stays as it is. Unknown fields are refused. */
export const recordPatch = z
  .strictObject({
    caseId: z.string().max(EDIT_LIMITS.caseId).nullable().exactOptional(),
    done: z.boolean().exactOptional(),
    assignee: z.string().max(EDIT_LIMITS.assignee).nullable().exactOptional(),
    note: z.string().max(EDIT_LIMITS.note).nullable().exactOptional(),
  })
  .refine((patch) => Object.keys(patch).length > 0, { message: 'at least one field' });
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
  traceparent: z
    .string()
    .regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)
    .optional(),
});
export type Edit = z.infer<typeof edit>;
