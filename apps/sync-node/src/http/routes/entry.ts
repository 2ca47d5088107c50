import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import {
  acceptInvitation,
  isDemo,
  lookAtInvitation,
  lookAtPasswordLink,
  lookAtSetUp,
  needsSetUp,
  setUp,
  usePasswordLink,
} from '@meldesync/db';
import {
  API_PREFIX,
  acceptedInvitation,
  chosenPassword,
  entry,
  joinedWorkspace,
  linkSecret,
  setUp as setUpRequest,
  shownInvitation,
  shownPasswordLink,
} from '@meldesync/protocol';
import { checkedEmail, checkedName } from '../../administration/checked-text.ts';
import { hashChosen } from '../../administration/choose-password.ts';
import { addressOf } from '../../auth/address-of.ts';
import { requirePasswords } from '../../auth/password-policy.ts';
import { access } from '../access.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { ApiError } from '../problems.ts';
import { jsonAnswer, problemAnswer } from './route-parts.ts';

const PATHS = {
  entry: '/entry',
  setUp: '/set-up',
  lookAtInvitation: '/invitations/look',
  acceptInvitation: '/invitations/accept',
  lookAtPasswordLink: '/password-links/look',
  usePasswordLink: '/password-links/use',
} as const;

/** What is there for who is not signed in. */
export const ENTRY_PATHS: ReadonlySet<string> = new Set(Object.values(PATHS).map((path) => `${API_PREFIX}${path}`));

const entryProblems = {
  400: problemAnswer('The request cannot be read'),
  403: problemAnswer('The request comes from a foreign site, or the invitation is for somebody else'),
  404: problemAnswer('No link has this secret'),
  409: problemAnswer('The installation is set up, or the address has an account'),
  410: problemAnswer('The link was used or has expired'),
  422: problemAnswer('A name, an address or a password is not taken'),
  429: problemAnswer('Too many requests in a short time'),
  503: problemAnswer('Not available right now: `Retry-After` says when to try again'),
};

/** Where a program has the secret of a link from. */
const SECRET = '`secret` is what stands behind the `#` of the link.';

const bodyOf = <
  Schema extends typeof linkSecret | typeof setUpRequest | typeof acceptedInvitation | typeof chosenPassword,
>(
  schema: Schema,
) => ({ body: { required: true, content: { 'application/json': { schema } } } });

/** How people come in: the first set-up, invitations, new passwords. Nobody is signed in; who holds the link may use it. */
export function entryRoutes(api: OpenAPIHono<ApiEnv>, services: ApiServices): void {
  setUpRoutes(api, services);
  acceptRoutes(api, services);
  passwordRoutes(api, services);
}

function setUpRoutes(api: OpenAPIHono<ApiEnv>, { accounts: database, people }: ApiServices): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: PATHS.entry,
      operationId: 'getEntry',
      ...access('anybody'),
      summary: 'How one signs in here, and whether the installation waits for its first administrator',
      responses: { 200: jsonAnswer('What there is', entry), ...entryProblems },
    }),
    async (c) => {
      const { drizzle } = database;
      const [waits, hasDemo] = await Promise.all([needsSetUp(drizzle), isDemo(drizzle)]);
      return c.json({ needsSetUp: waits, isDemo: hasDemo, ...people.signingIn }, 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'post',
      path: PATHS.setUp,
      operationId: 'setUp',
      ...access('anybody'),
      summary: 'Makes the first administrator and the first workspace, for who holds the set-up link',
      description: SECRET,
      request: bodyOf(setUpRequest),
      responses: {
        201: jsonAnswer('The workspace, and with which address to sign in', joinedWorkspace),
        ...entryProblems,
      },
    }),
    async (c) => {
      const given = c.req.valid('json');
      requirePasswords(people.passwordPolicy, { isInstallationAdmin: true });
      const person = { name: checkedName(given.name), email: checkedEmail(given.email) };
      const workspace = checkedName(given.workspace);
      await lookAtSetUp(database, given.secret);
      const passwordHash = await hashChosen(people.passwords, given.password, person);
      const address = addressOf(c.req.raw.headers);
      const wanted = { ...person, secret: given.secret, workspace, passwordHash, address };
      return c.json(await setUp(database, wanted), 201);
    },
  );
}

function acceptRoutes(
  api: OpenAPIHono<ApiEnv>,
  { accounts: database, people, identify, secondFactor }: ApiServices,
): void {
  api.openapi(
    createRoute({
      method: 'post',
      path: PATHS.lookAtInvitation,
      operationId: 'lookAtInvitation',
      ...access('anybody'),
      summary: 'What an invitation says, for who holds its link',
      description: SECRET,
      request: bodyOf(linkSecret),
      responses: { 200: jsonAnswer('The invitation', shownInvitation), ...entryProblems },
    }),
    async (c) => {
      const { invitation, workspace, invitedBy, accountId } = await lookAtInvitation(
        database.drizzle,
        c.req.valid('json').secret,
      );
      const { email, name, role, expiresAt } = invitation;
      const shown = { workspace, email, name, role, invitedBy, hasAccount: accountId !== null };
      return c.json({ ...shown, expiresAt: expiresAt.toISOString() }, 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'post',
      path: PATHS.acceptInvitation,
      operationId: 'acceptInvitation',
      ...access('anybody'),
      summary: 'Accepts an invitation: with a name and a password, or signed in with the address that was invited',
      description: SECRET,
      request: bodyOf(acceptedInvitation),
      responses: {
        200: jsonAnswer('The workspace, and with which address to sign in', joinedWorkspace),
        ...entryProblems,
        401: problemAnswer('There is an account of that address: it has to be signed in'),
      },
    }),
    async (c) => {
      const { secret, name, password } = c.req.valid('json');
      const { headers } = c.req.raw;
      const address = addressOf(headers);
      const { invitation, accountId } = await lookAtInvitation(database.drizzle, secret);
      if (accountId !== null) {
        const identity = await identify(headers);
        if (!identity) throw new ApiError('unauthenticated');
        const { userId, sessionId } = identity;
        if ((await secondFactor.lacking([sessionId])).has(sessionId)) throw new ApiError('second-factor-needed');
        return c.json(await acceptInvitation(database, { secret, accepting: { userId, sessionId }, address }), 200);
      }
      requirePasswords(people.passwordPolicy, { isInstallationAdmin: false });
      const person = { name: checkedName(name ?? invitation.name ?? ''), email: invitation.email };
      const passwordHash = await hashChosen(people.passwords, password ?? '', person);
      const accepting = { name: person.name, passwordHash };
      return c.json(await acceptInvitation(database, { secret, accepting, address }), 200);
    },
  );
}

function passwordRoutes(api: OpenAPIHono<ApiEnv>, { accounts: database, people }: ApiServices): void {
  api.openapi(
    createRoute({
      method: 'post',
      path: PATHS.lookAtPasswordLink,
      operationId: 'lookAtPasswordLink',
      ...access('anybody'),
      summary: 'Whose password a link is for',
      description: SECRET,
      request: bodyOf(linkSecret),
      responses: { 200: jsonAnswer('The account', shownPasswordLink), ...entryProblems },
    }),
    async (c) => {
      const { name, email, expiresAt } = await lookAtPasswordLink(database, c.req.valid('json').secret);
      return c.json({ name, email, expiresAt: expiresAt.toISOString() }, 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'post',
      path: PATHS.usePasswordLink,
      operationId: 'usePasswordLink',
      ...access('anybody'),
      summary: 'Sets the password that the person of a link has chosen, and ends their sessions',
      description: SECRET,
      request: bodyOf(chosenPassword),
      responses: { 204: { description: 'They sign in with it' }, ...entryProblems },
    }),
    async (c) => {
      const { secret, password } = c.req.valid('json');
      const person = await lookAtPasswordLink(database, secret);
      requirePasswords(people.passwordPolicy, person);
      const passwordHash = await hashChosen(people.passwords, password, person);
      await usePasswordLink(database, { secret, passwordHash, address: addressOf(c.req.raw.headers) });
      return c.body(null, 204);
    },
  );
}
