import { z } from 'zod';

/**
 * A record as it is synced: one Meldebestätigung in one workspace. The parsed fields are not carried; `ibe` holds them
 * all and `parseIbeSegment` of the domain takes it apart.
 */
export const syncedRecord = z.object({
  /** Internal id, the only one that logs and traces may carry. */
  id: z.int().positive(),
  /** Counts the changes of the record from 1; only ever goes up (R2.5). */
  version: z.int().positive(),
  /** 64 lower-case hex digits, the natural key within the workspace. */
  vorgangsnummer: z.string(),
  /** The IBE segment as received. */
  ibe: z.string(),
  /** Fallnummer; null while unknown. */
  caseId: z.string().nullable(),
  done: z.boolean(),
  /** User id of the person who works on it. */
  assignee: z.string().nullable(),
  note: z.string().nullable(),
  /** Time of the latest change, ISO 8601 UTC. */
  updatedAt: z.string(),
  /** Who made the latest change: `user:<id>` or `db:<role>`. */
  updatedBy: z.string(),
});
export type SyncedRecord = z.infer<typeof syncedRecord>;
