import type { LimitRole } from '@meldesync/protocol';
import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Executor } from '../connect.ts';
import { session, user } from '../schema/auth.ts';
import { type SessionRules, sessionEndMs, sessionStands } from './session-rules.ts';

/** A session that stands, and whose it is. */
export interface FoundSession {
  readonly sessionId: string;
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly kind: 'browser' | 'terminal' | 'service';
  readonly maxRole: LimitRole | null;
  readonly workspaceId: string | null;
  readonly isInstallationAdmin: boolean;
  readonly isShared: boolean;
  /** When the person last proved who they are, in epoch milliseconds. */
  readonly authenticatedAt: number;
  /** When it ends unless there is input before, in epoch milliseconds. */
  readonly expiresAt: number;
  /** Which key it was begun with; null of the release before. */
  readonly keyId: string | null;
}

/** The sessions with these hashes of tokens; undefined in the place of one that belongs to none, or to one that is over. */
export async function findSessions(
  executor: Executor,
  hashes: readonly string[],
  rules: SessionRules,
): Promise<(FoundSession | undefined)[]> {
  const rows = await executor
    .select({
      hash: session.token,
      sessionId: session.id,
      userId: user.id,
      name: user.name,
      email: user.email,
      kind: session.kind,
      maxRole: session.maxRole,
      workspaceId: session.workspaceId,
      isInstallationAdmin: user.isInstallationAdmin,
      isShared: session.isShared,
      authenticatedAt: session.authenticatedAt,
      expiresAt: sessionEndMs(rules),
      keyId: session.keyId,
    })
    .from(session)
    .innerJoin(user, eq(user.id, session.userId))
    .where(and(inArray(session.token, [...hashes]), isNull(user.disabledAt), sessionStands(rules)));
  const found = new Map(
    rows.map(({ hash, authenticatedAt, isInstallationAdmin, ...row }) => [
      hash,
      {
        ...row,
        authenticatedAt: authenticatedAt.getTime(),
        // A token of a program is for one workspace, whatever its account may.
        isInstallationAdmin: isInstallationAdmin && row.kind !== 'service',
      },
    ]),
  );
  return hashes.map((hash) => found.get(hash));
}
