import { eq, inArray } from 'drizzle-orm';
import type { Executor } from '../connect.ts';
import { session, user } from '../schema/auth.ts';

/** A session that stands or has ended, and whose it is. */
export interface FoundSession {
  readonly sessionId: string;
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** The sessions of these tokens; undefined in the place of a token that belongs to none. */
export async function findSessions(
  executor: Executor,
  tokens: readonly string[],
): Promise<(FoundSession | undefined)[]> {
  const rows = await executor
    .select({
      token: session.token,
      sessionId: session.id,
      userId: user.id,
      name: user.name,
      email: user.email,
      expiresAt: session.expiresAt,
    })
    .from(session)
    .innerJoin(user, eq(user.id, session.userId))
    .where(inArray(session.token, [...tokens]));
  const found = new Map(
    rows.map(({ token, expiresAt, ...row }) => [token, { ...row, expiresAt: expiresAt.getTime() }]),
  );
  return tokens.map((token) => found.get(token));
}
