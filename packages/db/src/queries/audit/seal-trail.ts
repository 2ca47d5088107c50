import {
  CHANGE_COLUMNS,
  type Checkpoint,
  type EntrySource,
  EVENT_COLUMNS,
  type LooseEntry,
  type Seal,
  type StoredEntry,
  type StoredLeaf,
  type Trail,
} from '@meldesync/audit';
import { type SQL, sql } from 'drizzle-orm';
import type { Database, Executor } from '../../connect.ts';
import { listCheckpoints } from './seal-checkpoints.ts';

/** So many rows are read in one statement. */
const PAGE = 5_000;

/**
 * Hands over the whole trail as of one moment, for as long as `use` takes: what is written meanwhile is not in it. Reads only, so that no
 * sealing waits for it.
 */
export function readTrail<Result>(database: Database, use: (trail: Trail) => Promise<Result>): Promise<Result> {
  return database.drizzle.transaction(
    async (tx) =>
      use({
        seals: () => pages((after: Seal | null) => seals(tx, after?.no ?? 0)),
        leaves: () => pages((after: StoredLeaf | null) => leaves(tx, after)),
        loose: () => loose(tx),
        checkpoints: () => pages((after: Checkpoint | null) => listCheckpoints(tx, after?.no ?? 0, PAGE)),
        ...(await momentOf(tx)),
      }),
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}

/** Reads page after page until one is empty. */
async function* pages<Row>(next: (after: Row | null) => Promise<readonly Row[]>): AsyncGenerator<Row> {
  let last: Row | null = null;
  for (;;) {
    const page = await next(last);
    if (page.length === 0) return;
    yield* page;
    last = page.at(-1) ?? null;
  }
}

async function momentOf(executor: Executor): Promise<{ incarnation: string; micros: string }> {
  const { rows } = await executor.execute<{ incarnation: string; micros: string }>(sql`
    select system_identifier || '/' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) as incarnation,
      meldesync_micros(now()) as micros
    from pg_control_system()`);
  return rows[0] ?? { incarnation: '', micros: '0' };
}

interface SealRow extends Record<string, unknown> {
  readonly no: string;
  readonly incarnation: string;
  readonly changes_base: string;
  readonly events_base: string;
  readonly first_txid: string | null;
  readonly last_txid: string | null;
  readonly leaves: number;
  readonly size: string;
  readonly micros: string;
  readonly root: Buffer;
  readonly previous: Buffer;
  readonly link: Buffer;
}

async function seals(executor: Executor, above: number): Promise<Seal[]> {
  const { rows } = await executor.execute<SealRow>(sql`
    select *, meldesync_micros(at) as micros from audit_seals where no > ${above}::bigint order by no limit ${PAGE}::int`);
  return rows.map((row) => ({
    no: Number(row.no),
    incarnation: row.incarnation,
    changesBase: row.changes_base,
    eventsBase: row.events_base,
    firstTxid: row.first_txid,
    lastTxid: row.last_txid,
    leaves: row.leaves,
    size: Number(row.size),
    micros: row.micros,
    root: row.root,
    previous: row.previous,
    link: row.link,
  }));
}

interface LeafRow extends Record<string, unknown> {
  readonly seal: string;
  readonly position: number;
  readonly source: EntrySource;
  readonly entry: string;
  readonly salt: Buffer | null;
  readonly content: Buffer | null;
  readonly leaf: Buffer;
  readonly erased: string | null;
  readonly cut: string | null;
}

async function leaves(executor: Executor, after: StoredLeaf | null): Promise<StoredLeaf[]> {
  const { rows } = await executor.execute<LeafRow>(sql`
    select * from audit_leaves where (seal, position) > (${after?.seal ?? 0}::bigint, ${after?.position ?? -1}::int)
    order by seal, position limit ${PAGE}::int`);
  const entries = new Map<string, StoredEntry>();
  for (const source of ['c', 'e'] as const) {
    const ids = rows.flatMap((row) => (row.source === source ? row.entry : []));
    if (ids.length === 0) continue;
    const wanted = sql`id = any(${sql.param(ids)}::bigint[])`;
    for (const entry of await entriesWhere(executor, source, wanted)) entries.set(`${source}${entry.id}`, entry);
  }
  return rows.map((row) => ({
    seal: Number(row.seal),
    position: row.position,
    source: row.source,
    id: row.entry,
    salt: row.salt,
    commitment: row.content,
    leaf: row.leaf,
    erased: row.erased,
    cut: row.cut,
    entry: entries.get(`${row.source}${row.entry}`) ?? null,
  }));
}

async function* loose(executor: Executor): AsyncGenerator<LooseEntry> {
  for (const source of ['c', 'e'] as const) {
    const table = tableOf(source);
    yield* pages((after: LooseEntry | null) =>
      entriesWhere(
        executor,
        source,
        sql`id > ${after?.id ?? '0'}::bigint and not exists (
          select from audit_leaves l where l.source = ${source} and l.entry = ${table}.id) order by id limit ${PAGE}::int`,
      ),
    );
  }
}

interface EntryRow extends Record<string, unknown> {
  readonly id: string;
  readonly txid: string;
  readonly micros: string;
  readonly columns: Array<string | null>;
  readonly content: string;
}

async function entriesWhere(executor: Executor, source: EntrySource, condition: SQL): Promise<StoredEntry[]> {
  const columns = sql.join(
    (source === 'c' ? CHANGE_COLUMNS : EVENT_COLUMNS).map((name) => sql`${sql.identifier(name)}::text`),
    sql`, `,
  );
  const { rows } = await executor.execute<EntryRow>(sql`
    select id, txid, meldesync_micros(at) as micros, array[${columns}] as columns,
      jsonb_build_array(before, after)::text as content
    from ${tableOf(source)} where ${condition}`);
  return rows.map(({ id, txid, micros, columns: values, content }) => ({
    source,
    id,
    txid,
    micros,
    columns: values,
    content,
  }));
}

const tableOf = (source: EntrySource): SQL => (source === 'c' ? sql`changes` : sql`events`);
