import { type AdministrationEvent, type AdministrationEventKind, AUDIT_KINDS, auditGroupOf } from '@meldesync/protocol';
import { and, desc, eq, inArray, lt, type SQL, sql } from 'drizzle-orm';
import type { Executor } from '../../connect.ts';
import { events, user } from '../../schema/index.ts';
import { recordLook } from '../audit/list-act.ts';
import type { Administrator } from './act.ts';
import { requireInstallationAdmin, requireWorkspaceAdmin } from './authority.ts';

/** The name of a `user:<id>`; of one whose account was deleted the name it had then. */
function nameOf(column: SQL): SQL<string | null> {
  return sql<string | null>`coalesce(
    (select u.name from ${user} u where u.id = case when starts_with(${column}, 'user:') then substr(${column}, 6) end),
    (select gone.before ->> 'name' from events gone where gone.subject = ${column} and gone.kind = 'account-deleted'
      order by gone.id desc limit 1))`;
}

const SHOWN_GROUPS = ['people', 'sign-in'] as const;

/** What administration shows: people, workspaces, and who signed in. All else is in the trail. */
const SHOWN = AUDIT_KINDS.filter((kind): kind is AdministrationEventKind =>
  SHOWN_GROUPS.some((group) => group === auditGroupOf(kind)),
);

/** What was done in a workspace, or with null in the whole installation, newest first. That it is read is on record before the first page is. */
export async function listEvents(
  executor: Executor,
  administrator: Administrator,
  input: { readonly workspaceId: string | null; readonly before: number | null; readonly limit: number },
): Promise<{ events: AdministrationEvent[]; next: number | null }> {
  const { workspaceId, before, limit } = input;
  if (workspaceId === null) await requireInstallationAdmin(executor, administrator, { isFresh: false });
  else await requireWorkspaceAdmin(executor, administrator, workspaceId, { isFresh: false });
  const { actor, sessionId, address } = administrator;
  if (before === null)
    await recordLook(executor, {
      author: { actor, sessionId, address },
      kind: 'audit-read',
      workspaceId,
      after: { filter: { groups: SHOWN_GROUPS } },
    });
  const rows = await executor
    .select({ event: events, actorName: nameOf(sql`${events}.actor`), subjectName: nameOf(sql`${events}.subject`) })
    .from(events)
    .where(
      and(
        workspaceId === null ? undefined : eq(events.workspaceId, workspaceId),
        inArray(events.kind, SHOWN),
        before === null ? undefined : lt(events.id, before),
      ),
    )
    .orderBy(desc(events.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit).map(({ event, actorName, subjectName }) => ({
    id: event.id,
    at: new Date(event.at).toISOString(),
    kind: event.kind,
    actor: event.actor,
    actorName,
    address: event.address,
    workspace: event.workspaceId,
    subject: event.subject,
    subjectName,
    before: event.before,
    after: event.after,
  }));
  return { events: page, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}
