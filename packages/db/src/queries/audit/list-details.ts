import type { AuditEntry } from '@meldesync/protocol';
import { sql } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';
import type { AuditRow } from './list-rows.ts';
import { type LeafOfEntry, leavesOf } from './list-seals.ts';

/** An entry, and where the seals have it. */
export interface DetailedEntry {
  readonly entry: AuditEntry;
  readonly row: AuditRow;
  /** Undefined where it is not sealed yet. */
  readonly leaf: LeafOfEntry | undefined;
}

/** Looks up what entries show beside their rows: names, cases, seals. */
export async function detailRows(executor: Executor, rows: readonly AuditRow[]): Promise<DetailedEntry[]> {
  if (rows.length === 0) return [];
  const names = await namesOf(executor, rows);
  const cases = await casesOf(executor, rows);
  const leaves = await leavesOf(executor, rows);
  const nameOf = (who: string | null) => (who === null ? null : (names.get(who) ?? null));
  return rows.map((row) => {
    const leaf = leaves.get(keyOf(row));
    const { source: _source, id: _id, txid: _txid, traceparent: _trace, content: _content, ...shown } = row;
    const entry: AuditEntry = {
      ...shown,
      key: keyOf(row),
      actorName: nameOf(row.actor),
      caseId: row.record === null ? null : (cases.get(row.record) ?? null),
      subjectName: nameOf(row.subject),
      seal: leaf?.seal ?? null,
      isErased: leaf?.isErased ?? false,
    };
    return { entry, row, leaf };
  });
}

/** What names an entry for good. */
function keyOf({ source, id }: Pick<AuditRow, 'source' | 'id'>): string {
  return `${source}:${id}`;
}

const USER = 'user:';

/** Names of accounts; of one that was deleted the name it had then. */
async function namesOf(executor: Executor, rows: readonly AuditRow[]): Promise<Map<string, string>> {
  const people = [...new Set(rows.flatMap(({ actor, subject }) => [actor, subject]))].filter(
    (who): who is string => who?.startsWith(USER) ?? false,
  );
  if (people.length === 0) return new Map();
  const { rows: found } = await executor.execute<{ who: string; name: string | null }>(sql`
    select who, coalesce(
      (select u.name from auth."user" u where u.id = substr(who, ${USER.length + 1})),
      (select gone.before ->> 'name' from events gone where gone.subject = who and gone.kind = 'account-deleted'
        order by gone.id desc limit 1)) as name
    from unnest(${sql.param(people)}::text[]) as asked(who)`);
  return new Map(found.flatMap(({ who, name }) => (name === null ? [] : [[who, name] as const])));
}

/** The case that records are in, or were in last. */
async function casesOf(executor: Executor, rows: readonly AuditRow[]): Promise<Map<number, string>> {
  const ids = [...new Set(rows.flatMap(({ record }) => record ?? []))];
  if (ids.length === 0) return new Map();
  const { rows: found } = await executor.execute<{ id: string; case_id: string | null }>(sql`
    select asked.id, coalesce(r.case_id, (
      select c.before ->> 'caseId' from changes c where c.record_id = asked.id and c.before ->> 'caseId' is not null
      order by c.version desc limit 1)) as case_id
    from unnest(${sql.param(ids)}::bigint[]) as asked(id) left join records r on r.id = asked.id`);
  return new Map(found.flatMap(({ id, case_id: caseId }) => (caseId === null ? [] : [[Number(id), caseId] as const])));
}
