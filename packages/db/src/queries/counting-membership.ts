import { and, gt, isNull, or, type SQL, sql } from 'drizzle-orm';
import { members } from '../schema/index.ts';

/** A row of `members` that counts now: it is neither suspended nor over. Whether its workspace and account are open is another question. */
export const membershipCounts: SQL | undefined = and(
  isNull(members.suspendedAt),
  or(isNull(members.expiresAt), gt(members.expiresAt, sql`now()`)),
);
