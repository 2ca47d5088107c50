import { CONFLICTING_FIELDS } from '@meldesync/domain';
import { z } from 'zod';

/** The fields that can stand in a conflict: those people edit, and the segment, which an import may have replaced. */
export const conflictFieldName = z.enum(CONFLICTING_FIELDS);
export type ConflictFieldName = z.infer<typeof conflictFieldName>;

const fieldValue = z.union([z.string(), z.boolean(), z.null()]);

/** One field of a conflict (R2.2). Listed are those that were to be set and those that changed since the base. */
export const conflictField = z.object({
  field: conflictFieldName,
  /** What the person saw. */
  base: fieldValue,
  /** What it is now. */
  current: fieldValue,
  /** What the person wanted; absent when the edit left the field alone. */
  attempted: fieldValue.optional(),
  /** Who changed it last since the base (`user:<id>`, `db:<role>`), and when; absent when nobody did. */
  changed: z.object({ by: z.string(), at: z.string(), version: z.int().positive() }).optional(),
});
export type ConflictField = z.infer<typeof conflictField>;

/**
 * How a conflict ended (R5.2): the other's values stayed (`kept-theirs`), mine were set over them (`reapplied`), some of
 * each (`merged`), nothing was decided (`dropped`), or the next try met a newer conflict (`superseded`).
 */
export const conflictResolution = z.enum(['kept-theirs', 'reapplied', 'merged', 'dropped', 'superseded']);
export type ConflictResolution = z.infer<typeof conflictResolution>;
