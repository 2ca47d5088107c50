import { sql } from 'drizzle-orm';
import type { Executor } from '../connect.ts';

/**
 * Whether the slot is there and can still be read from. A slot that was invalidated (too much WAL held back) lost its
 * place and is dropped.
 */
export async function slotIsUsable(executor: Executor, slot: string): Promise<boolean> {
  const found = await executor.execute<{ lost: boolean }>(sql`
    select coalesce(wal_status = 'lost', false) as lost from pg_replication_slots where slot_name = ${slot}`);
  const row = found.rows[0];
  if (!row) return false;
  if (!row.lost) return true;
  await executor.execute(sql`select pg_drop_replication_slot(${slot})`);
  return false;
}

/** Whether a relay reads from the slot now. */
export async function slotIsTaken(executor: Executor, slot: string): Promise<boolean> {
  const found = await executor.execute<{ active: boolean }>(sql`
    select active from pg_replication_slots where slot_name = ${slot}`);
  return found.rows[0]?.active ?? false;
}

/** Creates the logical slot; the decimal LSN from which it can read. */
export async function createSlot(executor: Executor, slot: string): Promise<string> {
  const created = await executor.execute<{ lsn: string }>(sql`
    select (lsn - '0/0'::pg_lsn)::text as lsn from pg_create_logical_replication_slot(${slot}, 'pgoutput')`);
  const row = created.rows[0];
  if (!row) throw new Error('pg_create_logical_replication_slot returned no row');
  return row.lsn;
}
