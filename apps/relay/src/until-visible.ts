import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, findCommitting } from '@meldesync/db';

const LOOK_EVERY_MS = 20;
/** A commit takes less than this, unless it waits for a standby; what goes on for longer is a statement that takes its time. */
const COMMIT_LIMIT_MS = 5_000;

/**
 * Resolves once every transaction that wrote history, and was in the middle of its commit when this began, can be seen. Postgres
 * writes a commit into its log first, and shows it to others after that: usually microseconds later, but as late as the processor
 * is short, or as a standby that it waits for is late.
 */
export async function untilVisible(database: Database, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + COMMIT_LIMIT_MS;
  let committing = await findCommitting(database.drizzle);
  for (;;) {
    const isLate = performance.now() > deadline;
    if (!committing.some(({ isLogged }) => isLogged || !isLate)) return;
    await sleep(LOOK_EVERY_MS, undefined, { signal });
    const awaited = new Set(committing.map(({ xid }) => xid));
    committing = (await findCommitting(database.drizzle)).filter(({ xid }) => awaited.has(xid));
  }
}
