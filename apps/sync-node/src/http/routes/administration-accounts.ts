import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import {
  changeAccount,
  createAccount,
  deleteAccount,
  endAccountSessions,
  listAccounts,
  makePasswordLink,
  removeSecondFactors,
} from '@meldesync/db';
import {
  accountChange,
  administeredAccount,
  administeredAccountList,
  endedSessions,
  madeAccount,
  newAccount,
  oneTimeLink,
} from '@meldesync/protocol';
import { checkedEmail, checkedName } from '../../administration/checked-text.ts';
import { passwordLink } from '../../administration/one-time-link.ts';
import { access } from '../access.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { tellEndedImports } from '../tell-ended-imports.ts';
import { accountParams, actProblems, administratorIn } from './administration-parts.ts';
import { jsonAnswer, security } from './route-parts.ts';

const PATH = '/administration/accounts';

/**
 * The accounts of the installation, for its administrators. Long because each route stands here with all that the API's description
 * says of it.
 */
export function administeredAccountRoutes(api: OpenAPIHono<ApiEnv>, services: ApiServices): void {
  const { accounts: database, people } = services;

  api.openapi(
    createRoute({
      method: 'get',
      path: PATH,
      operationId: 'listAccounts',
      ...access('installation-admin'),
      summary: 'All accounts, of people and programs',
      security,
      responses: { 200: jsonAnswer('The accounts by name', administeredAccountList), ...actProblems },
    }),
    async (c) => c.json({ accounts: await listAccounts(database.drizzle, administratorIn(c)) }, 200),
  );

  api.openapi(
    createRoute({
      method: 'post',
      path: PATH,
      operationId: 'createAccount',
      ...access('installation-admin', 'recent'),
      summary: 'Makes an account, with a link by which its person chooses a password',
      security,
      request: { body: { required: true, content: { 'application/json': { schema: newAccount } } } },
      responses: { 201: jsonAnswer('The account and its link, which is told once', madeAccount), ...actProblems },
    }),
    async (c) => {
      const { name, email, isInstallationAdmin = false } = c.req.valid('json');
      const wanted = { name: checkedName(name), email: checkedEmail(email), isInstallationAdmin };
      const { account, link } = await createAccount(database, administratorIn(c), wanted);
      const text = { baseUrl: people.baseUrl, language: c.get('language'), name: account.name };
      return c.json({ account, link: passwordLink(link, text) }, 201);
    },
  );

  api.openapi(
    createRoute({
      method: 'patch',
      path: `${PATH}/{account}`,
      operationId: 'changeAccount',
      ...access('installation-admin', 'recent'),
      summary: 'Renames an account, gives it another address, disables it or lets it administer the installation',
      description: 'One that is disabled has no session any more.',
      security,
      request: {
        params: accountParams,
        body: { required: true, content: { 'application/json': { schema: accountChange } } },
      },
      responses: { 200: jsonAnswer('The account as it is now', administeredAccount), ...actProblems },
    }),
    async (c) => {
      const { name, email, ...rest } = c.req.valid('json');
      const change = {
        ...rest,
        ...(name === undefined ? {} : { name: checkedName(name) }),
        ...(email === undefined ? {} : { email: checkedEmail(email) }),
      };
      const { account: userId } = c.req.valid('param');
      const { account, ended } = await changeAccount(database, administratorIn(c), { userId, change });
      tellEndedImports(services, ended, c.get('identity').userId);
      return c.json(account, 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'delete',
      path: `${PATH}/{account}`,
      operationId: 'deleteAccount',
      ...access('installation-admin', 'recent'),
      summary: 'Deletes an account; what its person did stays on record',
      security,
      request: { params: accountParams },
      responses: { 204: { description: 'It is gone, with its sessions' }, ...actProblems },
    }),
    async (c) => {
      const ended = await deleteAccount(database, administratorIn(c), c.req.valid('param').account);
      tellEndedImports(services, ended, c.get('identity').userId);
      return c.body(null, 204);
    },
  );

  api.openapi(
    createRoute({
      method: 'post',
      path: `${PATH}/{account}/password-link`,
      operationId: 'makePasswordLink',
      ...access('installation-admin', 'recent'),
      summary: 'Makes a link by which the account’s person chooses a new password, within a day',
      security,
      request: { params: accountParams },
      responses: { 201: jsonAnswer('The link, which is told once', oneTimeLink), ...actProblems },
    }),
    async (c) => {
      const { link, name } = await makePasswordLink(database, administratorIn(c), c.req.valid('param').account);
      return c.json(passwordLink(link, { baseUrl: people.baseUrl, language: c.get('language'), name }), 201);
    },
  );

  api.openapi(
    createRoute({
      method: 'delete',
      path: `${PATH}/{account}/sessions`,
      operationId: 'endAccountSessions',
      ...access('installation-admin'),
      summary: 'Signs the account’s person out everywhere',
      security,
      request: { params: accountParams },
      responses: { 200: jsonAnswer('How many sessions there were', endedSessions), ...actProblems },
    }),
    async (c) =>
      c.json({ ended: await endAccountSessions(database, administratorIn(c), c.req.valid('param').account) }, 200),
  );

  api.openapi(
    createRoute({
      method: 'delete',
      path: `${PATH}/{account}/second-factors`,
      operationId: 'removeSecondFactors',
      ...access('installation-admin', 'recent'),
      summary: 'Takes away passkeys, one-time passwords and recovery codes of somebody who has lost them',
      security,
      request: { params: accountParams },
      responses: { 204: { description: 'The account has none, and its sessions have ended' }, ...actProblems },
    }),
    async (c) => {
      await removeSecondFactors(database, administratorIn(c), c.req.valid('param').account);
      return c.body(null, 204);
    },
  );
}
