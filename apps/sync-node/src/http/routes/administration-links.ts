import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { mergeAccounts, unlinkAccount } from '@meldesync/db';
import { accountMerge, administeredAccount } from '@meldesync/protocol';
import { access } from '../access.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { tellEndedImports } from '../tell-ended-imports.ts';
import { accountParams, actProblems, administratorIn } from './administration-parts.ts';
import { jsonAnswer, security } from './route-parts.ts';

const PATH = '/administration/accounts/{account}';

/** Accounts and single sign-on, for administrators of the installation. */
export function accountLinkRoutes(api: OpenAPIHono<ApiEnv>, services: ApiServices): void {
  const { accounts: database } = services;
  api.openapi(
    createRoute({
      method: 'post',
      path: `${PATH}/merge`,
      operationId: 'mergeAccounts',
      ...access('installation-admin', 'recent'),
      summary: 'Puts an account into another one of the same person, and deletes it',
      description: 'Links of single sign-on and memberships go over; what the other account has stays as it is.',
      security,
      request: {
        params: accountParams,
        body: { required: true, content: { 'application/json': { schema: accountMerge } } },
      },
      responses: { 200: jsonAnswer('The account that stays', administeredAccount), ...actProblems },
    }),
    async (c) => {
      const { account: userId } = c.req.valid('param');
      const { account, ended } = await mergeAccounts(database, administratorIn(c), { userId, ...c.req.valid('json') });
      tellEndedImports(services, ended, c.get('identity').userId);
      return c.json(account, 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'delete',
      path: `${PATH}/single-sign-on`,
      operationId: 'unlinkAccount',
      ...access('installation-admin', 'recent'),
      summary: 'Takes the links of single sign-on away from an account, and ends its sessions',
      security,
      request: { params: accountParams },
      responses: { 204: { description: 'It has none' }, ...actProblems },
    }),
    async (c) => {
      await unlinkAccount(database, administratorIn(c), c.req.valid('param').account);
      return c.body(null, 204);
    },
  );
}
