import type { AuditFilter } from '@meldesync/protocol';
import type { Executor } from '../../connect.ts';
import { events } from '../../schema/index.ts';
import type { Author } from '../administration/act.ts';

/** Somebody reads the trail, takes it along, or has a report of a case made. */
export interface AuditLook {
  readonly author: Author;
  readonly kind: 'audit-read' | 'audit-exported' | 'audit-reported';
  readonly workspaceId: string | null;
  readonly after: Readonly<Record<string, unknown>>;
}

/** Puts it on record, in the transaction in which the first of it is read; the id of the event. */
export async function recordLook(tx: Executor, { author, kind, workspaceId, after }: AuditLook): Promise<number> {
  const [row] = await tx
    .insert(events)
    .values({ ...author, kind, workspaceId, subject: null, before: null, after: { ...after } })
    .returning({ id: events.id });
  if (!row) throw new Error('insert into events returned no row');
  return row.id;
}

/** What of a filter goes on record: that a case or a text was looked for, but not which. */
export function recordedFilter(filter: AuditFilter): Record<string, unknown> {
  const { case: caseId, text, ...told } = filter;
  return {
    ...Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)),
    ...(caseId === undefined ? {} : { case: true }),
    ...(text === undefined ? {} : { text: true }),
  };
}
