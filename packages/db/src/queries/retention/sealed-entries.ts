import { type SQL, sql } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';
import type { Month } from './cuts.ts';

/** An entry of the trail with what proves it; ids and numbers that may be large as text. */
export interface SealedEntry {
  readonly source: 'c' | 'e';
  readonly id: string;
  /** What its leaf is made of, beside its content: the columns of its table by their names. */
  readonly header: Readonly<Record<string, string | null>>;
  /** As jsonb prints it: read by JavaScript, a number could come out otherwise than it was sealed. */
  readonly before: string | null;
  readonly after: string | null;
  /** Hex, as all below; null once its content was erased. */
  readonly salt: string | null;
  /** `sha256(salt || content)`. */
  readonly content: string;
  readonly leaf: string;
  readonly seal: string;
  readonly position: number;
}

/** A link of the chain, as an archive has it. */
export interface ArchivedSeal {
  readonly no: string;
  readonly leaves: number;
  /** All columns, as text. */
  readonly columns: Readonly<Record<string, string | null>>;
}

const SEALED = sql.raw(
  `encode(l.salt, 'hex') as salt, encode(l.leaf, 'hex') as leaf, l.seal::text as seal, l.position`,
);
const CHANGE = sql.raw(`'c' as source, c.id::text as id, c.before::text as before, c.after::text as after,
  encode(coalesce(l.content, sha256(l.salt || meldesync_entry_content(c.before, c.after))), 'hex') as content,
  jsonb_build_object('txid', c.txid, 'at', meldesync_micros(c.at), 'workspace_id', c.workspace_id, 'record_id', c.record_id::text,
    'version', c.version::text, 'op', c.op, 'actor', c.actor, 'via', c.via, 'operation', c.operation, 'import_id', c.import_id,
    'traceparent', c.traceparent) as header`);

/** Records that were deleted before a moment and have not come back, those that were deleted first in front. */
const deletedRecords = (before: Date): SQL => sql`
  select d.record_id from changes d
  where d.op = 'delete' and d.at < ${before.toISOString()}::timestamptz
    and not exists (select from records r where r.id = d.record_id)
    and not exists (select from changes n where n.record_id = d.record_id and n.version > d.version)
    and not exists (
      select from changes u where u.record_id = d.record_id
        and not exists (select from audit_leaves l where l.source = 'c' and l.entry = u.id))
  order by d.at`;

/** How many changes of deleted records may go. */
export async function countDeletedHistory(executor: Executor, before: Date): Promise<number> {
  const { rows } = await executor.execute<{ count: string }>(
    sql`select count(*) as count from (${deletedRecords(before)}) gone join changes c on c.record_id = gone.record_id`,
  );
  return Number(rows[0]?.count);
}

/** The next changes of deleted records that may go: of each record the earlier ones first, so that the last says until then that it is gone. */
export async function readDeletedHistory(executor: Executor, before: Date, most: number): Promise<SealedEntry[]> {
  return read(
    executor,
    sql`select ${CHANGE}, ${SEALED}
      from (select record_id from (${deletedRecords(before)} limit ${most}::integer) first order by record_id) gone
      join changes c on c.record_id = gone.record_id
      join audit_leaves l on l.source = 'c' and l.entry = c.id
      order by c.record_id, c.version limit ${most}::integer`,
  );
}

/** How many events of a month may go, and how many of them are not sealed yet. */
export async function countEvents(
  executor: Executor,
  month: Month,
): Promise<{ readonly going: number; readonly unsealed: number }> {
  const { rows } = await executor.execute<{ going: string; unsealed: string }>(
    sql`select going, unsealed from meldesync_count_events(${`${month}-01`}::date)`,
  );
  return { going: Number(rows[0]?.going), unsealed: Number(rows[0]?.unsealed) };
}

/** A page of the events of a month that may go, by their ids. */
export async function readEvents(
  executor: Executor,
  month: Month,
  page: { readonly above: string; readonly most: number },
): Promise<SealedEntry[]> {
  return read(
    executor,
    sql`select e.source, e.id, e.before::text as before, e.after::text as after, e.content, e.header, e.salt, e.leaf, e.seal, e.position
      from meldesync_events_to_cut(${`${month}-01`}::date, ${page.above}::bigint, ${page.most}::integer) e`,
  );
}

async function read(executor: Executor, query: SQL): Promise<SealedEntry[]> {
  const { rows } = await executor.execute<SealedEntry & Record<string, unknown>>(query);
  return rows;
}

/** Links of the chain by their numbers. */
export async function readSeals(executor: Executor, numbers: readonly string[]): Promise<ArchivedSeal[]> {
  const { rows } = await executor.execute<{ no: string; leaves: number; columns: ArchivedSeal['columns'] }>(sql`
    select s.no::text as no, s.leaves, jsonb_build_object('no', s.no::text, 'incarnation', s.incarnation,
      'changes_base', s.changes_base::text, 'events_base', s.events_base::text, 'first_txid', s.first_txid, 'last_txid', s.last_txid,
      'leaves', s.leaves::text, 'size', s.size::text, 'at', meldesync_micros(s.at), 'root', encode(s.root, 'hex'),
      'previous', encode(s.previous, 'hex'), 'link', encode(s.link, 'hex')) as columns
    from audit_seals s where s.no = any(${sql.param([...numbers])}::bigint[])`);
  return rows;
}

/** All leaves of a seal, in their order. */
export async function readLeaves(executor: Executor, seal: string): Promise<Buffer[]> {
  const { rows } = await executor.execute<{ leaf: Buffer }>(
    sql`select leaf from audit_leaves where seal = ${seal}::bigint order by position`,
  );
  return rows.map(({ leaf }) => leaf);
}
