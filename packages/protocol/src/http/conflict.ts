import { z } from 'zod';
import { conflictField, conflictResolution } from '../conflict.ts';
import { readableList } from '../readable-list.ts';

/** A conflict as it is kept (R5.2). */
export const storedConflict = z.object({
  conflict: z.uuid(),
  record: z.int().positive(),
  /** Whose edit was refused: `user:<id>`. */
  by: z.string(),
  /** Where the edit came from: `web`, `cli`, `api`, or a word that only a newer server knows (P44). */
  via: z.string(),
  operation: z.string(),
  baseVersion: z.int().positive(),
  currentVersion: z.int().positive(),
  fields: z.array(conflictField),
  /** Whether a field was to be set that someone else had changed since the base. */
  overlaps: z.boolean(),
  at: z.string(),
  /** Null while it is open. */
  resolved: z
    .object({ resolution: conflictResolution, by: z.string(), at: z.string(), operation: z.string().nullable() })
    .nullable(),
});
export type StoredConflict = z.infer<typeof storedConflict>;

/** `GET …/conflicts?state=open&record=&before=&limit=`: newest first; one's own, for an admin everyone's. */
export const conflictPage = z.object({ conflicts: z.array(storedConflict), next: z.string().nullable() });
export type ConflictPage = z.infer<typeof conflictPage>;

/** `POST …/conflicts/{conflict}/resolution`: without a further edit. One that is resolved the same way already stays so. */
export const resolutionRequest = z.strictObject({ resolution: z.enum(['kept-theirs', 'dropped']) });
export type ResolutionRequest = z.infer<typeof resolutionRequest>;

/** The same as a client reads it. */
export const receivedConflictPage = conflictPage.extend({ conflicts: readableList(storedConflict) });
