import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { endOwnSessions, findPasswordHash, listSessions, noteProof, recordSessionEvent } from '@meldesync/db';
import {
  endedSessions,
  type OwnSession,
  ownSessionList,
  reauthentication,
  recoveryCodesLeft,
} from '@meldesync/protocol';
import type { Context } from 'hono';
import { addressOf } from '../../auth/address-of.ts';
import { deviceName } from '../../auth/device-name.ts';
import { ownPasswordTry } from '../../auth/limited-tries.ts';
import { countRecoveryCodes } from '../../auth/recovery-codes.ts';
import { sessionCookieHeader } from '../../auth/session-renewal.ts';
import { access } from '../access.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { ApiError } from '../problems.ts';
import { personIn } from './person-in.ts';
import { commonProblems, jsonAnswer, problemAnswer, security } from './route-parts.ts';

const problems = {
  400: commonProblems[400],
  401: commonProblems[401],
  403: commonProblems[403],
  409: commonProblems[409],
  503: commonProblems[503],
};

/** Who asks, as an event names them. */
function authorOf(c: Context<ApiEnv>) {
  const { userId, sessionId } = c.get('identity');
  return { actor: `user:${userId}`, sessionId, address: addressOf(c.req.raw.headers) };
}

/** The sessions of the person who asks, whom their age does not hinder; a program has no business here. */
export function ownSessionRoutes(api: OpenAPIHono<ApiEnv>, services: ApiServices): void {
  listRoute(api, services);
  endRoutes(api, services);
  reauthenticateRoute(api, services);
  recoveryCodesRoute(api, services);
  activeRoute(api);
}

function listRoute(api: OpenAPIHono<ApiEnv>, { accounts: database, sessionRules }: ApiServices): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/me/sessions',
      operationId: 'listOwnSessions',
      ...access('person'),
      summary: 'The sessions of the signed-in person',
      security,
      responses: { 200: jsonAnswer('The present one first, then the youngest', ownSessionList), ...problems },
    }),
    async (c) => {
      const { userId, sessionId } = personIn(c);
      const listed = await listSessions(database.drizzle, userId, sessionRules);
      const sessions = listed.map(
        ({ userAgent, createdAt, lastInputAt, expiresAt, ...session }): OwnSession => ({
          ...session,
          ...deviceName(userAgent),
          createdAt: createdAt.toISOString(),
          lastInputAt: lastInputAt.toISOString(),
          expiresAt: new Date(expiresAt).toISOString(),
          isCurrent: session.id === sessionId,
        }),
      );
      return c.json({ sessions: sessions.toSorted((a, b) => Number(b.isCurrent) - Number(a.isCurrent)) }, 200);
    },
  );
}

function endRoutes(api: OpenAPIHono<ApiEnv>, { accounts: database, sessionCookie }: ApiServices): void {
  /** A browser forgets what opens nothing any more. */
  const forgetCookie = (c: Context<ApiEnv>) => c.header('set-cookie', sessionCookieHeader(sessionCookie, '', 0));

  api.openapi(
    createRoute({
      method: 'delete',
      path: '/me/sessions/{session}',
      operationId: 'endOwnSession',
      ...access('person'),
      summary: 'End a session of one’s own, on every node at once',
      security,
      request: {
        params: z.object({
          session: z
            .string()
            .min(1)
            .max(100)
            .openapi({ param: { name: 'session', in: 'path' }, description: 'Session id' }),
        }),
      },
      responses: { 204: { description: 'It has ended' }, ...problems, 404: commonProblems[404] },
    }),
    async (c) => {
      const { userId, sessionId } = personIn(c);
      const { session } = c.req.valid('param');
      if ((await endOwnSessions(database, authorOf(c), { userId, which: { only: session } })) === 0)
        throw new ApiError('session-not-found');
      if (session === sessionId) forgetCookie(c);
      return c.body(null, 204);
    },
  );

  api.openapi(
    createRoute({
      method: 'delete',
      path: '/me/sessions',
      operationId: 'endOwnSessions',
      ...access('person'),
      summary: 'End all other sessions of one’s own, or with `all` this one too',
      security,
      request: {
        query: z.object({
          all: z.enum(['0', '1']).default('0').openapi({ description: '`1`: also the one that asks' }),
        }),
      },
      responses: { 200: jsonAnswer('How many have ended', endedSessions), ...problems },
    }),
    async (c) => {
      const { userId, sessionId } = personIn(c);
      const isAll = c.req.valid('query').all === '1';
      const ended = await endOwnSessions(database, authorOf(c), {
        userId,
        which: isAll ? 'all' : { except: sessionId },
      });
      if (isAll) forgetCookie(c);
      return c.json({ ended }, 200);
    },
  );
}

function reauthenticateRoute(api: OpenAPIHono<ApiEnv>, { accounts: database, passwords, limits }: ApiServices): void {
  api.openapi(
    createRoute({
      method: 'post',
      path: '/me/reauthenticate',
      operationId: 'reauthenticate',
      ...access('person'),
      summary: 'Prove with one’s password who one is, for what asks for it (`reauthentication-needed`)',
      description:
        'An account without a password has `no-password`: a new sign-in, with passkey or single sign-on, proves it as well.',
      security,
      request: { body: { required: true, content: { 'application/json': { schema: reauthentication } } } },
      responses: {
        204: { description: 'It is proven, for this session' },
        ...problems,
        422: problemAnswer('No such form'),
        429: problemAnswer('Too many attempts'),
      },
    }),
    async (c) => {
      const author = authorOf(c);
      const identity = personIn(c);
      const hash = await findPasswordHash(database.drizzle, identity.userId);
      if (hash === undefined) throw new ApiError('no-password');
      const { password } = c.req.valid('json');
      const tried = ownPasswordTry(identity, author.address);
      const isRight = await limits.tries.run(tried, () => passwords.verify({ hash, password }));
      if (isRight) {
        await noteProof(database, author);
        return c.body(null, 204);
      }
      const { sessionId } = author;
      await recordSessionEvent(database.drizzle, author, { kind: 'reauthentication-failed', subject: { sessionId } });
      throw new ApiError('password-wrong');
    },
  );
}

function recoveryCodesRoute(api: OpenAPIHono<ApiEnv>, { accounts: database, keys }: ApiServices): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/me/recovery-codes',
      operationId: 'countRecoveryCodes',
      ...access('person'),
      summary: 'How many recovery codes the signed-in person has left',
      security,
      responses: {
        200: jsonAnswer('`null` where there are no one-time passwords, or none that can be read', recoveryCodesLeft),
        ...problems,
      },
    }),
    async (c) => c.json({ left: await countRecoveryCodes(database, keys, personIn(c).userId) }, 200),
  );
}

function activeRoute(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(
    createRoute({
      method: 'post',
      path: '/me/active',
      operationId: 'tellActive',
      ...access('account'),
      summary: 'Say that the person is there: they typed, clicked or touched',
      description:
        'At most once a minute, and only when that was so. Everything that changes something says so too; an open connection does not.',
      security,
      responses: { 204: { description: 'It is noted' }, ...problems },
    }),
    // It is noted where every request is looked at.
    (c) => c.body(null, 204),
  );
}
