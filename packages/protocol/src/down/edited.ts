import { z } from 'zod';
import { conflictField } from '../conflict.ts';
import { receivedErrorCode } from '../errors/catalogue.ts';
import { syncedRecord } from '../frame/record.ts';
import { recordLock } from '../lock.ts';

/** What became of one item of an edit. */
export const editOutcome = z.discriminatedUnion('outcome', [
  /** Committed (or had been, when this answers a retry); `version` is the record's version after it. */
  z.object({ record: z.int().positive(), outcome: z.literal('accepted'), version: z.int().positive() }),
  /** Someone was first (R2.1). `current` is the record as it stands, with who changed it and when (R2.2). */
  z.object({
    record: z.int().positive(),
    outcome: z.literal('conflict'),
    baseVersion: z.int().positive(),
    current: syncedRecord,
    /** Names the conflict in the audit trail; `resolves` and the HTTP API refer to it. */
    conflict: z.uuid(),
    fields: z.array(conflictField),
    /** Whether a field was to be set that someone else had changed since the base. */
    overlaps: z.boolean(),
  }),
  /** Refused for another reason; nothing of this item was written. */
  z.object({
    record: z.int().positive(),
    outcome: z.literal('rejected'),
    code: receivedErrorCode,
    /** Who is editing the record, with `record-locked`. */
    lock: recordLock.optional(),
  }),
]);
export type EditOutcome = z.infer<typeof editOutcome>;

/** Answer to `edit`, outcomes in the order of its items. Sent after the commit: acknowledged means committed. */
export const edited = z.object({
  type: z.literal('edited'),
  operation: z.string(),
  outcomes: z.array(editOutcome),
});
export type Edited = z.infer<typeof edited>;
