import { sql } from 'drizzle-orm';
import type { Executor } from '../connect.ts';

/** What canaries are called in the log: whoever follows it tells them from other messages by that. */
export const CANARY_PREFIX = 'meldesync.canary';

/**
 * Writes a canary into the log: a message that carries the time of Postgres, in epoch milliseconds, and changes no table.
 * Answers that time. It takes no transaction id, so Postgres flushes it a moment later (`wal_writer_delay`) and not at once.
 */
export async function emitCanary(executor: Executor): Promise<number> {
  const emitted = await executor.execute<{ at: string }>(sql`
    select at
    from (select (extract(epoch from clock_timestamp()) * 1000)::bigint::text as at) as clock,
      lateral pg_logical_emit_message(false, ${CANARY_PREFIX}, at)`);
  return Number(emitted.rows[0]?.at);
}
