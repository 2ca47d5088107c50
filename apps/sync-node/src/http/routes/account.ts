import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { isInstallationAdmin, listMembers } from '@meldesync/db';
import { keepReadable, me, member, memberList } from '@meldesync/protocol';
import { access } from '../access.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { commonProblems, jsonAnswer, security, workspaceParams } from './route-parts.ts';

/** Who one is, and with whom one works. */
export function accountRoutes(api: OpenAPIHono<ApiEnv>, services: ApiServices): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/me',
      operationId: 'getMe',
      ...access('account'),
      summary: 'The signed-in person and their workspaces',
      security,
      responses: {
        200: jsonAnswer('The person', me),
        401: commonProblems[401],
        409: commonProblems[409],
        503: commonProblems[503],
      },
    }),
    async (c) => {
      const identity = c.get('identity');
      const [answer, isAdmin] = await Promise.all([
        services.answers.me(identity),
        isInstallationAdmin(services.accounts.drizzle, identity),
      ]);
      const user = { ...answer.user, isInstallationAdmin: isAdmin };
      return c.json({ ...answer, user, ...(c.get('needsSecondFactor') && { needsSecondFactor: true }) }, 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'get',
      path: '/workspaces/{workspace}/members',
      operationId: 'listMembers',
      ...access('member'),
      summary: 'Everyone in the workspace',
      security,
      request: { params: workspaceParams },
      responses: { 200: jsonAnswer('The members by name', memberList), ...commonProblems },
    }),
    async (c) => {
      const { workspace } = c.req.valid('param');
      const found = await listMembers(services.database.drizzle, workspace);
      const members = keepReadable(member, found, (_, reason) =>
        services.onUnreadable({ place: 'member', workspace, reason }),
      );
      return c.json({ members }, 200);
    },
  );
}
