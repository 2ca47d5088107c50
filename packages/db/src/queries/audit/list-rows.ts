import { AUDIT_KINDS, auditGroupOf } from '@meldesync/protocol';
import { type SQL, sql } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';
import { beyond, isAbout, matches, OP_OF_KIND } from './list-conditions.ts';
import type { AuditDirection, AuditPosition, AuditSource, AuditView, NamedRecords } from './list-view.ts';

/** A row of either table, without what is looked up beside it. */
export interface AuditRow extends AuditPosition {
  readonly kind: string;
  readonly actor: string;
  readonly via: string | null;
  readonly address: string | null;
  readonly session: string | null;
  readonly workspace: string | null;
  readonly record: number | null;
  readonly version: number | null;
  readonly subject: string | null;
  readonly operation: string | null;
  readonly import: string | null;
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
  readonly txid: string;
  readonly traceparent: string | null;
  /** Before and after as the database's own text of `[before, after]`, which is what is sealed; null unless it was asked for. */
  readonly content: string | null;
}

/** Which rows, and in which order. */
export interface RowsInput {
  readonly view: AuditView;
  /** The records that the view names; undefined for all. */
  readonly records: NamedRecords | undefined;
  readonly direction: AuditDirection;
  /** Exclusive; null for the very beginning. */
  readonly from: AuditPosition | null;
  /** Time up to which one looks, inclusive; null for as far as it goes. */
  readonly until: string | null;
  /** What a row of a source must be besides. */
  readonly only?: (source: AuditSource) => SQL;
  readonly hasContent?: boolean;
  readonly limit: number;
}

const KIND_OF_OP = sql.raw(
  `case x.op ${Object.entries(OP_OF_KIND)
    .map(([kind, op]) => `when '${op}' then '${kind}'`)
    .join(' ')} end`,
);

const CHANGE_COLUMNS = sql`'change' as source, x.id, x.at, ${KIND_OF_OP} as kind, x.actor, x.via, null::text as address, null::text as session,
  x.workspace_id as workspace, x.record_id as record, x.version, 'record:' || x.record_id as subject, x.operation, x.import_id as import,
  x.before, x.after, x.txid, x.traceparent`;

const EVENT_COLUMNS = sql`'event' as source, x.id, x.at, x.kind, x.actor, null::text as via, x.address, x.session_id as session,
  x.workspace_id as workspace, null::bigint as record, null::int as version, x.subject, null::text as operation, null::uuid as import,
  x.before, x.after, x.txid, null::text as traceparent`;

/** UTC with microseconds, always as many digits: texts are in the order of their times. */
export function momentOf(column: SQL): SQL<string> {
  return sql<string>`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

const SIGN_IN_KINDS = AUDIT_KINDS.filter((kind) => auditGroupOf(kind) === 'sign-in');

/**
 * The tables' rows of a view. Those of a workspace, and of its members that they signed in since they are members: an account belongs
 * to no workspace.
 */
export const SOURCES: readonly {
  readonly source: AuditSource;
  readonly table: SQL;
  readonly columns: SQL;
  /** The rows of a workspace; null for all. Undefined where there are none. */
  readonly within: (workspaceId: string | null) => SQL | undefined;
}[] = [
  {
    source: 'change',
    table: sql`changes x`,
    columns: CHANGE_COLUMNS,
    within: (workspaceId) => (workspaceId === null ? sql`true` : sql`x.workspace_id = ${workspaceId}::uuid`),
  },
  {
    source: 'event',
    table: sql`events x`,
    columns: EVENT_COLUMNS,
    within: (workspaceId) => (workspaceId === null ? sql`true` : sql`x.workspace_id = ${workspaceId}::uuid`),
  },
  {
    source: 'event',
    table: sql`events x`,
    columns: EVENT_COLUMNS,
    within: (workspaceId) =>
      workspaceId === null
        ? undefined
        : sql`x.workspace_id is null and x.kind = any(${sql.param(SIGN_IN_KINDS)}) and exists (
            select from members m where m.workspace_id = ${workspaceId}::uuid and x.at >= m.created_at
              and 'user:' || m.user_id in (x.actor, x.subject))`,
  },
];

/**
 * For the rest of a transaction Postgres reads rows in the order of an index. It takes a filter to be rare of which it knows nothing, and
 * would read all that lies in a window to sort it, where the first hundred are wanted.
 */
export async function readInOrder(executor: Executor): Promise<void> {
  const settings = ['enable_sort', 'enable_bitmapscan'].map((name) => sql`set_config(${name}, 'off', true)`);
  await executor.execute(
    sql`select ${sql.join(settings, sql`, `)}, set_config('max_parallel_workers_per_gather', '0', true)`,
  );
}

/** Rows in the order of their time, source and id. */
export async function readRows(executor: Executor, input: RowsInput): Promise<AuditRow[]> {
  const { direction, limit, hasContent = false } = input;
  const order = (columns: string) =>
    sql.raw(`order by ${columns.replace(/(?=,|$)/g, direction === 'older' ? ' desc' : '')}`);
  const branches = SOURCES.flatMap(({ source, table, columns, within }) => {
    const conditions = conditionsOf(source, within, input);
    if (!conditions) return [];
    // Few rows name a record: they are found and then sorted. By its guess Postgres would follow an index of times and find none.
    const ordered = order(input.records ? `x.at + interval '0', x.id` : 'x.at, x.id');
    // Changes have no index over all workspaces: each gives its own.
    const isOfEach = source === 'change' && input.view.workspaceId === null && !input.records;
    const rows = isOfEach
      ? sql`workspaces w cross join lateral (
          select x.* from ${table} where x.workspace_id = w.id and ${conditions} ${ordered} limit ${limit}) x`
      : sql`${table} where ${conditions}`;
    return sql`(select ${columns} from ${rows} ${ordered} limit ${limit})`;
  });
  if (branches.length === 0) return [];
  const { rows } = await executor.execute<Omit<AuditRow, 'id' | 'record'> & { id: string; record: string | null }>(sql`
    select source, id, ${momentOf(sql`at`)} as at, kind, actor, via, address, session, workspace, record, version, subject, operation,
      import, before, after, txid, traceparent, ${hasContent ? sql`jsonb_build_array(before, after)::text` : sql`null::text`} as content
    from (${sql.join(branches, sql` union all `)}) found
    ${order('found.at, source, id')} limit ${limit}`);
  return rows.map((row) => ({
    ...row,
    id: Number(row.id),
    record: row.record === null ? recordOf(row) : Number(row.record),
  }));
}

function conditionsOf(
  source: AuditSource,
  within: (workspaceId: string | null) => SQL | undefined,
  { view, records, direction, from, until, only }: RowsInput,
): SQL | null {
  const place = within(view.workspaceId);
  const wanted = matches(source, view.filter);
  if (!place || !wanted) return null;
  const conditions = [place, ...wanted];
  for (const ids of records ?? [])
    conditions.push(source === 'change' ? sql`x.record_id = any(${sql.param([...ids])})` : isAbout(ids));
  if (from) conditions.push(beyond(from, source, direction));
  if (until !== null)
    conditions.push(direction === 'older' ? sql`x.at >= ${until}::timestamptz` : sql`x.at <= ${until}::timestamptz`);
  if (only) conditions.push(only(source));
  return sql.join(conditions, sql` and `);
}

/** The record that an event is about. */
function recordOf({ subject, before, after }: Pick<AuditRow, 'subject' | 'before' | 'after'>): number | null {
  const [, ofSubject] = /^record:([1-9]\d{0,15})$/.exec(subject ?? '') ?? [];
  if (ofSubject !== undefined) return Number(ofSubject);
  const named = after?.['records'] ?? before?.['records'];
  const [only, ...others] = Array.isArray(named) ? named : [];
  return Number.isSafeInteger(only) && only > 0 && others.length === 0 ? only : null;
}
