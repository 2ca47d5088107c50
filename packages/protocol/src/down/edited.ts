import { z } from 'zod';
import { receivedErrorCode } from '../errors/catalogue.ts';
import { syncedRecord } from '../frame/record.ts';

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
  }),
  /** Refused for another reason; nothing of this item was written. */
  z.object({ record: z.int().positive(), outcome: z.literal('rejected'), code: receivedErrorCode }),
]);
export type EditOutcome = z.infer<typeof editOutcome>;

/** Answer to `edit`, outcomes in the order of its items. Sent after the commit: acknowledged means committed. */
export const edited = z.object({
  type: z.literal('edited'),
  operation: z.string(),
  outcomes: z.array(editOutcome),
});
export type Edited = z.infer<typeof edited>;
