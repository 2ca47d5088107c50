import { and, eq } from 'drizzle-orm';
import type { Executor } from '../connect.ts';
import { session } from '../schema/auth.ts';

/** What the session of a browser says of the device it is on. */
export interface OpenDevice {
  readonly isShared: boolean;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/**
 * Reads what a browser's session says of its device; undefined where it is none, or over. `isShared` makes it that of a shared one,
 * which it stays.
 */
export async function openDevice(
  executor: Executor,
  { sessionId, isShared }: { readonly sessionId: string; readonly isShared: boolean },
): Promise<OpenDevice | undefined> {
  const ofBrowser = and(eq(session.id, sessionId), eq(session.kind, 'browser'));
  const [found] = await executor
    .select({ isShared: session.isShared, expiresAt: session.expiresAt })
    .from(session)
    .where(ofBrowser);
  if (!found) return undefined;
  const becomesShared = isShared && !found.isShared;
  if (becomesShared) await executor.update(session).set({ isShared: true }).where(ofBrowser);
  return { isShared: found.isShared || isShared, expiresAt: found.expiresAt.getTime() };
}
