import { sql } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';

/** Until the transaction ends nobody else says what became of these: in one order for all, so that none waits for the other. */
export async function claimSubjects(tx: Executor, subjects: readonly string[]): Promise<void> {
  if (subjects.length === 0) return;
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(subject, 0))
    from unnest(${sql.param([...new Set(subjects)].toSorted())}::text[]) as claimed(subject)`);
}
