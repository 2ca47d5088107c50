import type { SQL } from 'drizzle-orm';
import type { Executor } from '../connect.ts';
import { session } from '../schema/index.ts';
import { type Author, recordEvents } from './administration/act.ts';

/** Ends the sessions that fulfil the condition, each with its event (R5.1), in the transaction of who calls; how many there were. */
export async function endSessions(
  tx: Executor,
  author: Author,
  { where, because }: { readonly where: SQL | undefined; readonly because?: 'time' | 'second-factor' | 'provider' },
): Promise<number> {
  const ended = await tx
    .delete(session)
    .where(where)
    .returning({ id: session.id, userId: session.userId, kind: session.kind });
  await recordEvents(
    tx,
    author,
    ended.map(({ id, userId, kind }) => ({
      kind: 'session-ended',
      subject: `session:${id}`,
      before: { user: userId, kind },
      ...(because === undefined ? {} : { after: { because } }),
    })),
  );
  return ended.length;
}
