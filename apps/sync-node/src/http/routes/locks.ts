import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { lockList, roleAllows } from '@meldesync/protocol';
import { access } from '../access.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { originOf } from '../origin-of.ts';
import { ApiError } from '../problems.ts';
import { commonProblems, jsonAnswer, security, workspaceParams } from './route-parts.ts';

const lockParams = workspaceParams.extend({
  lock: z.uuid().openapi({ param: { name: 'lock', in: 'path' }, description: 'Lock id' }),
});

/** Who is editing what. A lock is taken over the WebSocket alone: it lives by the heartbeat of its connection (R2.3). */
export function lockRoutes(api: OpenAPIHono<ApiEnv>, { locks }: ApiServices): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/workspaces/{workspace}/locks',
      operationId: 'listLocks',
      ...access('member'),
      summary: 'The record locks of the workspace',
      security,
      request: { params: workspaceParams },
      responses: { 200: jsonAnswer('The locks', lockList), ...commonProblems },
    }),
    async (c) => c.json({ locks: await locks.list(c.req.valid('param').workspace) }, 200),
  );

  api.openapi(
    createRoute({
      method: 'delete',
      path: '/workspaces/{workspace}/locks/{lock}',
      operationId: 'endLock',
      ...access('editor'),
      summary: 'End a lock: one’s own, as an admin anyone’s; its holder is told',
      security,
      request: { params: lockParams },
      responses: { 204: { description: 'The lock is free' }, ...commonProblems },
    }),
    async (c) => {
      const { workspace, lock } = c.req.valid('param');
      const role = c.get('role');
      if (!roleAllows(role, 'editor')) throw new ApiError('forbidden');
      const { userId } = c.get('identity');
      const answer = await locks.end({ workspace, user: userId, isAdmin: role === 'admin', origin: originOf(c) }, lock);
      if (answer !== 'unlocked') throw new ApiError(answer);
      return c.body(null, 204);
    },
  );
}
