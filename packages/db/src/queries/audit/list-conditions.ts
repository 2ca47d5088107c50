import { AUDIT_KINDS, type AuditFilter, auditGroupOf, RECORD_AUDIT_KINDS, type RecordAuditKind } from '@meldesync/protocol';
import { type SQL, sql } from 'drizzle-orm';
import type { AuditDirection, AuditPosition, AuditSource } from './list-view.ts';

/** What a change of a record is called in the trail. */
export const OP_OF_KIND = {
  'record-created': 'insert',
  'record-changed': 'update',
  'record-deleted': 'delete',
} as const satisfies Record<RecordAuditKind, string>;

/** What an entry must be, beside what it is about; null where nothing of its source can match. */
export function matches(
  source: AuditSource,
  filter: Pick<AuditFilter, 'from' | 'to' | 'actors' | 'groups' | 'kinds' | 'text'>,
): readonly SQL[] | null {
  const found: SQL[] = [];
  const kinds = kindsOf(filter);
  if (kinds !== undefined) {
    const own = source === 'change' ? opsOf(kinds) : kinds.filter((kind) => !isRecordKind(kind));
    if (own.length === 0) return null;
    found.push(source === 'change' ? sql`x.op = any(${sql.param(own)})` : sql`x.kind = any(${sql.param(own)})`);
  }
  if (filter.actors) found.push(sql`x.actor = any(${sql.param(filter.actors)})`);
  if (filter.from !== undefined) found.push(sql`x.at >= ${filter.from}::timestamptz`);
  if (filter.to !== undefined) found.push(sql`x.at < ${filter.to}::timestamptz`);
  if (filter.text !== undefined) found.push(holdsText(filter.text));
  return found;
}

/** The kinds that a filter lets through; undefined for all. */
function kindsOf({ groups, kinds }: Pick<AuditFilter, 'groups' | 'kinds'>): string[] | undefined {
  if (!groups) return kinds && [...new Set(kinds)];
  const ofGroups = AUDIT_KINDS.filter((kind) => groups.some((group) => group === auditGroupOf(kind)));
  return kinds ? ofGroups.filter((kind) => kinds.includes(kind)) : ofGroups;
}

function isRecordKind(kind: string): kind is RecordAuditKind {
  return (RECORD_AUDIT_KINDS as readonly string[]).includes(kind);
}

function opsOf(kinds: readonly string[]): string[] {
  return kinds.filter(isRecordKind).map((kind) => OP_OF_KIND[kind]);
}

/** Whether a value before or after holds a text. The whole is looked at first, which is quicker by far, but finds names of fields too. */
function holdsText(text: string): SQL {
  const within = pattern(JSON.stringify(text).slice(1, -1));
  return sql`(x.before::text ilike ${within} or x.after::text ilike ${within}) and exists (
    select from (select value from jsonb_each_text(x.before) union all select value from jsonb_each_text(x.after)) held
    where held.value ilike ${pattern(text)})`;
}

function pattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

/** Beyond a position, for rows of a source. */
export function beyond(position: AuditPosition, source: AuditSource, direction: AuditDirection): SQL {
  const at = sql`${position.at}::timestamptz`;
  if (source === position.source)
    return direction === 'older'
      ? sql`(x.at, x.id) < (${at}, ${position.id}::bigint)`
      : sql`(x.at, x.id) > (${at}, ${position.id}::bigint)`;
  // Of entries of the same time events are the later ones.
  const isPast = (source === 'event') === (direction === 'older');
  if (direction === 'older') return isPast ? sql`x.at < ${at}` : sql`x.at <= ${at}`;
  return isPast ? sql`x.at > ${at}` : sql`x.at >= ${at}`;
}

/** An event is about one of the records, or names it. As the index `events_records` says it. */
export function isAbout(records: readonly number[]): SQL {
  const subjects = records.map((id) => `record:${id}`);
  const named = records.map(String);
  return sql`(x.subject = any(${sql.param(subjects)})
    or coalesce(x.after -> 'records', x.before -> 'records') @> any(${sql.param(named)}::jsonb[]))`;
}
