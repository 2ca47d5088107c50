import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { type ConflictScope, getConflict, listConflicts, readConflicts, resolveConflict } from '@meldesync/db';
import {
  conflictPage,
  keepReadable,
  mayAudit,
  type Role,
  resolutionRequest,
  roleAllows,
  storedConflict,
} from '@meldesync/protocol';
import { access } from '../access.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { originOf } from '../origin-of.ts';
import { ApiError } from '../problems.ts';
import { readerIn } from './audit-parts.ts';
import {
  commonProblems,
  conflictParams,
  jsonAnswer,
  linkNext,
  pageAnswer,
  resolutionProblems,
  security,
  workspaceParams,
} from './route-parts.ts';

/** An admin sees everyone's conflicts, anybody else those of their own edits. */
function scopeOf(workspaceId: string, role: Role, userId: string): ConflictScope {
  return { workspaceId, ofUser: role === 'admin' ? null : userId };
}

/** Who may see the trail sees everyone's conflicts too. */
function readableBy(workspaceId: string, role: Role, userId: string): ConflictScope {
  return { workspaceId, ofUser: mayAudit(role) ? null : userId };
}

/**
 * Whether conflicts are looked into as the trail is, which is on record: what an auditor sees of them, and an admin in all that there were.
 * What is open in a workspace, and what befell one record, an admin sees beside their work.
 */
function isAuditRead(role: Role, { state, record }: { state: 'open' | 'all'; record?: number | undefined }): boolean {
  return role === 'auditor' || (role === 'admin' && state === 'all' && record === undefined);
}

/** Stored conflicts and how they were resolved (R5.2). Long because each route says what it takes and answers. */
export function conflictRoutes(api: OpenAPIHono<ApiEnv>, { database, onUnreadable }: ApiServices): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/workspaces/{workspace}/conflicts',
      operationId: 'listConflicts',
      ...access('member'),
      summary: "A page of conflicts, newest first: one's own, for an admin and an auditor everyone's",
      description:
        'What an auditor reads of them is on record as `audit-read`, and what an admin reads of all that there were in the workspace.',
      security,
      request: {
        params: workspaceParams,
        query: z.object({
          state: z.enum(['open', 'all']).default('open'),
          record: z.coerce.number().int().positive().optional().openapi({ description: 'Of this record only' }),
          before: z.uuid().optional().openapi({ description: 'Where the page starts: `next` of the page before' }),
          limit: z.coerce.number().int().min(1).max(200).default(50),
        }),
      },
      responses: { 200: pageAnswer('A page', conflictPage), ...commonProblems },
    }),
    async (c) => {
      const { state, record, before, limit } = c.req.valid('query');
      const { workspace } = c.req.valid('param');
      const role = c.get('role');
      const scope = readableBy(workspace, role, c.get('identity').userId);
      const wanted = { ...scope, state, recordId: record ?? null, before: before ?? null, limit };
      const page = isAuditRead(role, { state, record })
        ? await readConflicts(database, { ...wanted, author: readerIn(c) })
        : await listConflicts(database.drizzle, wanted);
      if (!page) throw new ApiError('conflict-not-found');
      const conflicts = keepReadable(storedConflict, page.conflicts, (conflict, reason) =>
        onUnreadable({ place: 'conflict', workspace, record: conflict.record, reason }),
      );
      linkNext(c, 'before', page.next);
      return c.json({ conflicts, next: page.next }, 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'get',
      path: '/workspaces/{workspace}/conflicts/{conflict}',
      operationId: 'getConflict',
      ...access('member'),
      summary: 'One conflict, field by field, and how it was resolved',
      security,
      request: { params: conflictParams },
      responses: { 200: jsonAnswer('The conflict', storedConflict), ...commonProblems },
    }),
    async (c) => {
      const { workspace, conflict: id } = c.req.valid('param');
      const scope = readableBy(workspace, c.get('role'), c.get('identity').userId);
      const conflict = await getConflict(database.drizzle, scope, id);
      if (!conflict) throw new ApiError('conflict-not-found');
      return c.json(conflict, 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'post',
      path: '/workspaces/{workspace}/conflicts/{conflict}/resolution',
      operationId: 'resolveConflict',
      ...access('editor'),
      summary: 'Settles a conflict without a further edit',
      description: 'With a further edit, the item of that edit names the conflict as `resolves`.',
      security,
      request: {
        params: conflictParams,
        body: { required: true, content: { 'application/json': { schema: resolutionRequest } } },
      },
      responses: { 200: jsonAnswer('The conflict as it is settled', storedConflict), ...resolutionProblems },
    }),
    async (c) => {
      const { workspace, conflict: conflictId } = c.req.valid('param');
      const role = c.get('role');
      if (!roleAllows(role, 'editor')) throw new ApiError('forbidden');
      const { userId } = c.get('identity');
      const settled = await resolveConflict(database.drizzle, {
        ...scopeOf(workspace, role, userId),
        conflictId,
        resolution: c.req.valid('json').resolution,
        by: userId,
        origin: originOf(c),
      });
      if (!settled) throw new ApiError('conflict-not-found');
      if (!settled.asWanted) throw new ApiError('conflict-settled');
      return c.json(settled.conflict, 200);
    },
  );
}
