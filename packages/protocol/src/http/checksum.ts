import { z } from 'zod';
import { cursor } from '../cursor.ts';

/** `GET …/checksum`: what the records of the workspace add up to (see `recordChecksum`), for a check of the whole path. */
export const checksumAnswer = z.object({
  /** Where this node's feed stood before Postgres was asked. */
  cursor,
  /** The feed's checksum there; null where the epoch began before there were any. */
  feed: z.int().nonnegative().nullable(),
  /** Postgres' own, at a moment after that. */
  database: z.int().nonnegative(),
  records: z.int().nonnegative(),
});
export type ChecksumAnswer = z.infer<typeof checksumAnswer>;
