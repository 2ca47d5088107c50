import type { AuditReport } from '@meldesync/protocol';
import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';
import { conflicts, editOperations, imports, records } from '../../schema/index.ts';
import { toStoredConflict } from '../conflicts.ts';
import { toSummary } from '../imports.ts';
import { isoTime, syncedColumns, toSyncedRecord } from '../record-columns.ts';
import { momentOf } from './list-rows.ts';

/** Of which records of a workspace something is read, and how much at most. */
export interface ReportScope {
  readonly workspaceId: string;
  readonly ids: readonly number[];
  readonly limit: number;
}

export async function readRecords(tx: Executor, { workspaceId, ids, limit }: ReportScope): Promise<AuditReport['records']> {
  const rows = await tx
    .select(syncedColumns)
    .from(records)
    .where(and(eq(records.workspaceId, workspaceId), inArray(records.id, [...ids])))
    .orderBy(asc(records.id))
    .limit(limit);
  return rows.map(toSyncedRecord);
}

export async function readConflicts(
  tx: Executor,
  { workspaceId, ids, limit }: ReportScope,
): Promise<AuditReport['conflicts']> {
  const rows = await tx
    .select()
    .from(conflicts)
    .where(and(eq(conflicts.workspaceId, workspaceId), inArray(conflicts.recordId, [...ids])))
    .orderBy(asc(conflicts.at), asc(conflicts.id))
    .limit(limit);
  return rows.map(toStoredConflict);
}

/** What imported files said about the records, also where they refused a row. */
export async function readImportRows(
  tx: Executor,
  { workspaceId, ids, limit }: ReportScope,
): Promise<AuditReport['importRows']> {
  const { rows } = await tx.execute<AuditReport['importRows'][number]>(sql`
    with named as (
      select vorgangsnummer from records where id = any(${sql.param([...ids])}::bigint[])
      union
      select after ->> 'vorgangsnummer' from changes where record_id = any(${sql.param([...ids])}::bigint[]) and op = 'insert'
    )
    select r.import_id as import, r.line, r.outcome, r.vorgangsnummer, r.findings
    from import_rows r join imports i on i.id = r.import_id and i.workspace_id = ${workspaceId}::uuid
    where r.vorgangsnummer in (select vorgangsnummer from named)
    order by i.created_at, r.import_id, r.line limit ${limit}`);
  return rows.map(({ import: id, line, outcome, vorgangsnummer, findings }) => ({
    import: id,
    line,
    outcome,
    vorgangsnummer,
    findings,
  }));
}

/** The files that wrote to the records, and those of some rows. */
export async function readImports(
  tx: Executor,
  { workspaceId, ids, limit }: ReportScope,
  alsoOf: readonly string[],
): Promise<AuditReport['imports']> {
  const rows = await tx
    .select()
    .from(imports)
    .where(
      and(
        eq(imports.workspaceId, workspaceId),
        sql`(${imports.id} = any(${sql.param([...alsoOf])}::uuid[]) or ${imports.id} in (
          select import_id from changes where record_id = any(${sql.param([...ids])}::bigint[]) and import_id is not null))`,
      ),
    )
    .orderBy(asc(imports.createdAt), asc(imports.id))
    .limit(limit);
  return rows.map(toSummary);
}

/** Edits that named the records, with what they were answered; of what they name beside them nothing. */
export async function readOperations(
  tx: Executor,
  { workspaceId, ids, limit }: ReportScope,
): Promise<AuditReport['operations']> {
  const items = ids.map((record) => JSON.stringify([{ record }]));
  const rows = await tx
    .select()
    .from(editOperations)
    .where(
      and(
        eq(editOperations.workspaceId, workspaceId),
        sql`${editOperations.items} @> any(${sql.param(items)}::jsonb[])`,
      ),
    )
    .orderBy(desc(editOperations.at), asc(editOperations.operation))
    .limit(limit);
  const ofCase = (list: unknown) => (Array.isArray(list) ? list.filter((item) => ids.includes(item?.record)) : []);
  return rows
    .map(({ operation, userId, at, items: asked, outcomes }) => ({
      operation,
      user: `user:${userId}`,
      at: isoTime(at),
      items: ofCase(asked),
      outcomes: ofCase(outcomes),
    }))
    .toReversed();
}

const NAMED = sql`(e.after -> 'filter' ->> 'record' = any(ids.texts) or exists (
  select from jsonb_array_elements_text(case jsonb_typeof(e.after -> 'records') when 'array' then e.after -> 'records' else '[]' end) r(id)
  where r.id = any(ids.texts)))`;

/** Who read the trail of the workspace since the first of the records came, the newest first. */
export async function readReaders(
  tx: Executor,
  { workspaceId, ids, limit }: ReportScope,
): Promise<AuditReport['readers']> {
  const { rows } = await tx.execute<Omit<AuditReport['readers'][number], 'isNamed'> & { is_named: boolean }>(sql`
    with ids as (select ${sql.param(ids.map(String))}::text[] as texts),
      began as (select min(at) as at from changes where record_id = any(${sql.param([...ids])}::bigint[]))
    select 'event:' || e.id as key, ${momentOf(sql`e.at`)} as at, e.kind, e.actor, e.address, coalesce(${NAMED}, false) as is_named,
      (select u.name from auth."user" u where 'user:' || u.id = e.actor) as "actorName"
    from events e, ids, began
    where (e.workspace_id = ${workspaceId}::uuid or e.workspace_id is null)
      and e.kind in ('audit-read', 'audit-exported', 'audit-reported') and e.at >= began.at
    order by e.at desc, e.id desc limit ${limit}`);
  return rows.map(({ key, at, kind, actor, actorName, address, is_named: isNamed }) => ({
    key,
    at,
    kind,
    actor,
    actorName,
    address,
    isNamed,
  }));
}
