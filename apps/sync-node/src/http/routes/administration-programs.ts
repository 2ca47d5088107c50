import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import {
  createServiceAccount,
  createServiceToken,
  endServiceToken,
  endServiceTokens,
  listServiceAccounts,
} from '@meldesync/db';
import {
  endedTokens,
  madeServiceToken,
  newServiceAccount,
  newServiceToken,
  serviceAccount,
  serviceAccountList,
} from '@meldesync/protocol';
import { checkedName } from '../../administration/checked-text.ts';
import { access } from '../access.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { actProblems, administeredParams, administratorIn, memberParams, tokenParams } from './administration-parts.ts';
import { jsonAnswer, security } from './route-parts.ts';

const PATH = '/administration/workspaces/{workspace}/service-accounts';

/** The programs of a workspace and their tokens. Long because each route is described where it is answered. */
export function serviceAccountRoutes(api: OpenAPIHono<ApiEnv>, { accounts: database, people }: ApiServices): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: PATH,
      operationId: 'listServiceAccounts',
      ...access('workspace-admin'),
      summary: 'The programs of the workspace, with their tokens',
      security,
      request: { params: administeredParams },
      responses: { 200: jsonAnswer('The programs by name', serviceAccountList), ...actProblems },
    }),
    async (c) => {
      const { workspace } = c.req.valid('param');
      const accounts = await listServiceAccounts(database.drizzle, administratorIn(c), workspace);
      return c.json({ accounts }, 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'post',
      path: PATH,
      operationId: 'createServiceAccount',
      ...access('workspace-admin', 'recent'),
      summary: 'Makes an account for a program',
      security,
      request: {
        params: administeredParams,
        body: { required: true, content: { 'application/json': { schema: newServiceAccount } } },
      },
      responses: { 201: jsonAnswer('The account, without a token yet', serviceAccount), ...actProblems },
    }),
    async (c) => {
      const { name, role } = c.req.valid('json');
      const { workspace: workspaceId } = c.req.valid('param');
      const wanted = { workspaceId, name: checkedName(name), role };
      return c.json(await createServiceAccount(database, administratorIn(c), wanted), 201);
    },
  );

  api.openapi(
    createRoute({
      method: 'post',
      path: `${PATH}/{account}/tokens`,
      operationId: 'createToken',
      ...access('workspace-admin', 'recent'),
      summary: 'Gives a program a token that ends, for this workspace and up to a role',
      security,
      request: {
        params: memberParams,
        body: { required: true, content: { 'application/json': { schema: newServiceToken } } },
      },
      responses: { 201: jsonAnswer('The token, which is told once', madeServiceToken), ...actProblems },
    }),
    async (c) => {
      const { workspace: workspaceId, account: userId } = c.req.valid('param');
      const { label, maxRole, expiresAt } = c.req.valid('json');
      const { token: secret, hash, keyId } = people.newToken();
      const token = await createServiceToken(database, administratorIn(c), {
        workspaceId,
        userId,
        label: checkedName(label),
        maxRole,
        expiresAt: new Date(expiresAt),
        stored: { token: hash, keyId },
      });
      return c.json({ token, secret }, 201);
    },
  );

  api.openapi(
    createRoute({
      method: 'delete',
      path: `${PATH}/{account}/tokens`,
      operationId: 'endTokens',
      ...access('workspace-admin'),
      summary: 'Ends all tokens of a program',
      security,
      request: { params: memberParams },
      responses: { 200: jsonAnswer('How many there were; they open nothing any more', endedTokens), ...actProblems },
    }),
    async (c) => {
      const { workspace: workspaceId, account: userId } = c.req.valid('param');
      return c.json({ ended: await endServiceTokens(database, administratorIn(c), { workspaceId, userId }) }, 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'delete',
      path: `${PATH}/{account}/tokens/{token}`,
      operationId: 'endToken',
      ...access('workspace-admin'),
      summary: 'Ends a token of a program',
      security,
      request: { params: tokenParams },
      responses: { 204: { description: 'It opens nothing any more' }, ...actProblems },
    }),
    async (c) => {
      const { workspace: workspaceId, account: userId, token: tokenId } = c.req.valid('param');
      await endServiceToken(database, administratorIn(c), { workspaceId, userId, tokenId });
      return c.body(null, 204);
    },
  );
}
