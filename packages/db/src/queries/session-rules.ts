import { and, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import { session } from '../schema/auth.ts';

/** How long sessions last. Those of programs last until the end that they were given. */
export interface SessionRules {
  /** So long one lasts without input of its person, in milliseconds. */
  readonly idleMs: number;
  /** The same where others use the device too. */
  readonly sharedIdleMs: number;
  /** So long it lasts at most, in milliseconds. */
  readonly maxMs: number;
  /** The keys that sign sessions; one that was begun with another is over. */
  readonly keyIds: readonly string[];
}

/** When a session ends unless there is input before: the first of all its limits. */
export function sessionEnd(rules: SessionRules): SQL {
  const span = (ms: number): SQL => sql`${ms}::float8 * interval '1 millisecond'`;
  return sql`case when ${session.kind} = 'service' then ${session.expiresAt} else least(
    ${session.expiresAt}, ${session.createdAt} + ${span(rules.maxMs)},
    ${session.lastInputAt} + case when ${session.isShared} then ${span(rules.sharedIdleMs)} else ${span(rules.idleMs)} end
  ) end`;
}

/** The same as epoch milliseconds. */
export function sessionEndMs(rules: SessionRules): SQL<number> {
  return sql<number>`extract(epoch from ${sessionEnd(rules)}) * 1000`.mapWith(Number);
}

/** Whether a session is not over. Those of the release before do not say with which key they were begun: it was the present one. */
export function sessionStands(rules: SessionRules): SQL | undefined {
  const isOfKnownKey = or(isNull(session.keyId), inArray(session.keyId, [...rules.keyIds]));
  return and(isOfKnownKey, sql`${sessionEnd(rules)} > now()`);
}
