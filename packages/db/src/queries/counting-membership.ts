import { role, roleAllows } from '@meldesync/protocol';
import { and, eq, gt, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import { members, user } from '../schema/index.ts';

/** A row of `members` that counts now: it is neither suspended nor over. Whether its workspace and account are open is another question. */
export const membershipCounts: SQL | undefined = and(
  isNull(members.suspendedAt),
  or(isNull(members.expiresAt), gt(members.expiresAt, sql`now()`)),
);

/** A row of `members`, beside its account, to whom records can be assigned: a person who may edit them now (P60). */
export const mayBeAssigned: SQL = sql`(${and(
  membershipCounts,
  inArray(
    members.role,
    role.options.filter((one) => roleAllows(one, 'editor')),
  ),
  isNull(user.disabledAt),
  eq(user.kind, 'person'),
)})`;
