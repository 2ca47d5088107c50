import { sql } from 'drizzle-orm';
import type { Executor } from '../connect.ts';

/** Throws when Postgres does not answer. */
export async function pingDatabase(executor: Executor): Promise<void> {
  await executor.execute(sql`select 1`);
}
