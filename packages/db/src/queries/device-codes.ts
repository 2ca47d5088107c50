import { and, eq } from 'drizzle-orm';
import type { Executor } from '../connect.ts';
import { deviceCode, session } from '../schema/auth.ts';

/** Notes with the code of a terminal, which its person is about to let in, in which of their sessions. */
export async function noteLetIn(
  executor: Executor,
  { userCode, userId, sessionId }: { readonly userCode: string; readonly userId: string; readonly sessionId: string },
): Promise<void> {
  await executor
    .update(deviceCode)
    .set({ sessionId })
    .where(and(eq(deviceCode.userCode, userCode), eq(deviceCode.userId, userId), eq(deviceCode.status, 'pending')));
}

/** When the person of a session last proved who they are; undefined where it has ended. */
export async function findProof(executor: Executor, sessionId: string): Promise<Date | undefined> {
  const [found] = await executor.select({ at: session.authenticatedAt }).from(session).where(eq(session.id, sessionId));
  return found?.at;
}
