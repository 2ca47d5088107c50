import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { changeWorkspace, createWorkspace, listAdministeredWorkspaces } from '@meldesync/db';
import { administeredWorkspace, administeredWorkspaceList, newWorkspace, workspaceChange } from '@meldesync/protocol';
import { checkedName } from '../../administration/checked-text.ts';
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
  onVersion,
} from './administration-parts.ts';
import { jsonAnswer, security, taggedAnswer } from './route-parts.ts';

/** Workspaces as a whole: made and archived by administrators of the installation, renamed also by their own. */
export function administeredWorkspaceRoutes(api: OpenAPIHono<ApiEnv>, services: ApiServices): void {
  const { accounts: database } = services;

  api.openapi(
    createRoute({
      method: 'get',
      path: '/administration/workspaces',
      operationId: 'listAdministeredWorkspaces',
      ...access('account'),
      summary: 'The workspaces that one administers, all for an administrator of the installation',
      security,
      responses: { 200: jsonAnswer('The workspaces by name', administeredWorkspaceList), ...actProblems },
    }),
    async (c) => {
      const workspaces = await listAdministeredWorkspaces(database.drizzle, administratorIn(c));
      return c.json({ workspaces }, 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'post',
      path: '/administration/workspaces',
      operationId: 'createWorkspace',
      ...access('installation-admin'),
      summary: 'Makes a workspace, in which nobody is yet',
      security,
      request: { body: { required: true, content: { 'application/json': { schema: newWorkspace } } } },
      responses: { 201: taggedAnswer('The workspace', administeredWorkspace), ...actProblems },
    }),
    async (c) => {
      const name = checkedName(c.req.valid('json').name);
      const workspace = await createWorkspace(database, administratorIn(c), { name });
      c.header('etag', etagOf(workspace));
      return c.json(workspace, 201);
    },
  );

  api.openapi(
    createRoute({
      method: 'patch',
      path: '/administration/workspaces/{workspace}',
      operationId: 'changeWorkspace',
      ...access('workspace-admin'),
      summary: 'Renames a workspace, archives it or opens it again, if it is still at the version of If-Match',
      security,
      request: {
        params: administeredParams,
        headers: ifMatch,
        body: { required: true, content: { 'application/json': { schema: workspaceChange } } },
      },
      responses: { 200: taggedAnswer('The workspace as it is now', administeredWorkspace), ...changeProblems },
    }),
    async (c) => {
      const { name, isArchived } = c.req.valid('json');
      const { workspace: workspaceId } = c.req.valid('param');
      const change = { workspaceId, name: name === undefined ? undefined : checkedName(name), isArchived };
      const { workspace, ended } = await onVersion(c.req.valid('header')['if-match'], (version) =>
        changeWorkspace(database, administratorIn(c), { ...change, version }),
      );
      tellEndedImports(services, ended, c.get('identity').userId);
      c.header('etag', etagOf(workspace));
      return c.json(workspace, 200);
    },
  );
}
