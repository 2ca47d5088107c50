import type { Checkpoint } from '@meldesync/audit';
import { sql } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';

interface SealedRow extends Record<string, unknown> {
  readonly no: string;
  readonly size: string;
  readonly link: Buffer;
  readonly micros: string;
}

interface CheckpointRow extends SealedRow {
  readonly key_id: string;
  readonly signature: Buffer;
}

/** What of the last seal is signed; null before the first. */
export async function lastSeal(
  executor: Executor,
): Promise<Pick<Checkpoint, 'no' | 'size' | 'link' | 'micros'> | null> {
  const { rows } = await executor.execute<SealedRow>(
    sql`select no, size, link, meldesync_micros(at) as micros from audit_seals order by no desc limit 1`,
  );
  const [row] = rows;
  return row ? { no: Number(row.no), size: Number(row.size), link: row.link, micros: row.micros } : null;
}

/** The link of a seal; null where there is none. */
export async function findSeal(executor: Executor, no: number): Promise<Pick<Checkpoint, 'no' | 'link'> | null> {
  const { rows } = await executor.execute<SealedRow>(sql`select no, link from audit_seals where no = ${no}::bigint`);
  const [row] = rows;
  return row ? { no, link: row.link } : null;
}

/** The checkpoints above a seal, in their order, `most` at the most. */
export async function listCheckpoints(executor: Executor, above: number, most: number): Promise<Checkpoint[]> {
  const { rows } = await executor.execute<CheckpointRow>(sql`
    select no, size, link, meldesync_micros(at) as micros, key_id, signature
    from audit_checkpoints where no > ${above}::bigint order by no limit ${most}::int`);
  return rows.map((row) => ({
    no: Number(row.no),
    size: Number(row.size),
    link: row.link,
    micros: row.micros,
    keyId: row.key_id,
    signature: row.signature,
  }));
}

/** The number of the last checkpoint; 0 before the first. */
export async function lastCheckpointNo(executor: Executor): Promise<number> {
  const { rows } = await executor.execute<{ no: string }>(
    sql`select coalesce(max(no), 0) as no from audit_checkpoints`,
  );
  return Number(rows[0]?.no ?? 0);
}

/** How long the oldest seal has been there that no checkpoint covers; 0 where there is none. */
export async function unsignedForMs(executor: Executor): Promise<number> {
  const { rows } = await executor.execute<{ ms: number }>(sql`
    select (extract(epoch from clock_timestamp() - at) * 1000)::float8 as ms from audit_seals
    where no > (select coalesce(max(no), 0) from audit_checkpoints) order by no limit 1`);
  return Math.max(0, rows[0]?.ms ?? 0);
}

/** Keeps one; where there is one of the seal already that one stays. */
export async function keepCheckpoint(executor: Executor, checkpoint: Checkpoint): Promise<void> {
  const { no, size, link, micros, keyId, signature } = checkpoint;
  await executor.execute(sql`
    insert into audit_checkpoints (no, size, link, at, key_id, signature)
    select ${no}::bigint, ${size}::bigint, ${Buffer.from(link)}::bytea, s.at, ${keyId}, ${Buffer.from(signature)}::bytea
    from audit_seals s where s.no = ${no}::bigint and meldesync_micros(s.at) = ${micros}
    on conflict (no) do nothing`);
}
