import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { addMember, changeMember, listAdministeredMembers, removeMember } from '@meldesync/db';
import { administeredMember, administeredMemberList, memberChange, newMember } from '@meldesync/protocol';
import { momentOf } from '../../administration/checked-text.ts';
import { access } from '../access.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { etagOf } from '../entity-tags.ts';
import { tellEndedImports } from '../tell-ended-imports.ts';
import {
  actProblems,
  administeredParams,
  administratorIn,
  changeProblems,
  ifMatch,
  maybeIfMatch,
  memberParams,
  onMaybeVersion,
  onVersion,
} from './administration-parts.ts';
import { jsonAnswer, security, taggedAnswer } from './route-parts.ts';

const PATH = '/administration/workspaces/{workspace}/members';

/** Who belongs to a workspace. Long because each route stands here with all that the API's description says of it. */
export function administeredMemberRoutes(api: OpenAPIHono<ApiEnv>, services: ApiServices): void {
  const { accounts: database } = services;

  api.openapi(
    createRoute({
      method: 'get',
      path: PATH,
      operationId: 'listAdministeredMembers',
      ...access('workspace-admin'),
      summary: 'Everybody in the workspace, also who is suspended or whose membership is over',
      security,
      request: { params: administeredParams },
      responses: { 200: jsonAnswer('The members by name', administeredMemberList), ...actProblems },
    }),
    async (c) => {
      const { workspace } = c.req.valid('param');
      const members = await listAdministeredMembers(database.drizzle, administratorIn(c), workspace);
      return c.json({ members }, 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'post',
      path: PATH,
      operationId: 'addMember',
      ...access('installation-admin', 'recent'),
      summary: 'Takes somebody in who has an account; for administrators of the installation',
      security,
      request: {
        params: administeredParams,
        body: { required: true, content: { 'application/json': { schema: newMember } } },
      },
      responses: { 201: taggedAnswer('The member', administeredMember), ...actProblems },
    }),
    async (c) => {
      const { account, role, expiresAt } = c.req.valid('json');
      const added = await addMember(database, administratorIn(c), {
        workspaceId: c.req.valid('param').workspace,
        userId: account,
        role,
        expiresAt: momentOf(expiresAt) ?? null,
      });
      c.header('etag', etagOf(added));
      return c.json(added, 201);
    },
  );

  api.openapi(
    createRoute({
      method: 'patch',
      path: `${PATH}/{account}`,
      operationId: 'changeMember',
      ...access('workspace-admin', 'recent'),
      summary: 'Changes role or end of a membership, or suspends it, if it is still at the version of If-Match',
      security,
      request: {
        params: memberParams,
        headers: ifMatch,
        body: { required: true, content: { 'application/json': { schema: memberChange } } },
      },
      responses: { 200: taggedAnswer('The member as they are now', administeredMember), ...changeProblems },
    }),
    async (c) => {
      const { workspace, account } = c.req.valid('param');
      const { role, expiresAt, isSuspended } = c.req.valid('json');
      const change = { workspaceId: workspace, userId: account, role, expiresAt: momentOf(expiresAt), isSuspended };
      const { member, ended } = await onVersion(c.req.valid('header')['if-match'], (version) =>
        changeMember(database, administratorIn(c), { ...change, version }),
      );
      tellEndedImports(services, ended, c.get('identity').userId);
      c.header('etag', etagOf(member));
      return c.json(member, 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'delete',
      path: `${PATH}/{account}`,
      operationId: 'removeMember',
      ...access('workspace-admin'),
      summary: 'Takes somebody out of the workspace; what they did stays',
      security,
      request: { params: memberParams, headers: maybeIfMatch },
      responses: { 204: { description: 'They are out, on every node' }, ...changeProblems },
    }),
    async (c) => {
      const { workspace, account } = c.req.valid('param');
      const ended = await onMaybeVersion(c.req.valid('header')['if-match'], (version) =>
        removeMember(database, administratorIn(c), { workspaceId: workspace, userId: account, version }),
      );
      tellEndedImports(services, ended, c.get('identity').userId);
      return c.body(null, 204);
    },
  );
}
