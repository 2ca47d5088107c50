import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { DEVICE_CLIENT, SESSION_KIND_HEADER, SHARED_HEADER, TOKEN_HEADER } from '@meldesync/protocol';
import { ACCESS_FIELD } from './access.ts';
import { problemAnswer } from './routes/route-parts.ts';
import {
  DEVICE_CODE_PATH,
  DEVICE_TOKEN_PATH,
  PASSWORD_PATH,
  SIGN_IN_PREFIX,
  SIGN_IN_ROUTES,
} from './sign-in-routes.ts';

type Registry = OpenAPIHono['openAPIRegistry'];
type Route = Parameters<Registry['registerPath']>[0];

const json = <Schema extends z.ZodType>(schema: Schema) => ({ 'application/json': { schema } });
const bodyOf = <Schema extends z.ZodType>(schema: Schema) => ({ body: { required: true, content: json(schema) } });

const person = z.object({ user: z.object({ id: z.string(), name: z.string(), email: z.string() }).loose() }).loose();
const secondStep = z.object({ twoFactorRedirect: z.literal(true), twoFactorMethods: z.array(z.string()) });
/** A refusal of RFC 6749, §5.2. */
const oauthRefusal = z.object({ error: z.string(), error_description: z.string().optional() });

const tokenHeader = {
  [TOKEN_HEADER]: { description: 'The token of the session, for a terminal', schema: { type: 'string' as const } },
};
const unread = problemAnswer('The request cannot be read');
const unreadable = problemAnswer('The body is no JSON');
const oauthRefused = (description: string) => ({
  description,
  content: { ...json(oauthRefusal), ...problemAnswer('').content },
});
const tooMany = problemAnswer('Too many tries, or too many requests in a short time');
const common = {
  413: problemAnswer('The request is too large'),
  500: problemAnswer('An error of the service'),
  503: problemAnswer('Not available right now: `Retry-After` says when to try again'),
};

const passwordSignIn: Route = {
  method: 'post',
  path: PASSWORD_PATH,
  operationId: 'signIn',
  summary: 'Signs a person in with a password',
  description:
    'A terminal gets its token in `set-auth-token`, a browser a cookie. Where a code of the second factor is needed, the answer has ' +
    '`twoFactorRedirect`, no token, and a cookie for the next step, which is good for ten minutes.',
  request: {
    headers: z.object({
      [SESSION_KIND_HEADER]: z
        .enum(['terminal', 'browser'])
        .optional()
        .openapi({ description: 'Without it: a browser, where `Origin` or `Sec-Fetch-Mode` is sent' }),
      [SHARED_HEADER]: z.enum(['0', '1']).optional().openapi({ description: '`1`: others use the device too' }),
    }),
    ...bodyOf(z.object({ email: z.string(), password: z.string() })),
  },
  responses: {
    200: {
      description: 'Signed in, or asked for a code',
      headers: tokenHeader,
      content: json(z.union([person, secondStep])),
    },
    400: unread,
    401: problemAnswer('Address or password is wrong'),
    403: problemAnswer('A foreign site, or nobody signs in with a password here'),
    415: unreadable,
    422: problemAnswer('The address is none'),
    429: tooMany,
    ...common,
  },
};

const SECOND_STEPS: readonly (readonly [path: string, operationId: string, summary: string])[] = [
  [
    'verify-totp',
    'verifyOneTimeCode',
    'The second step of a sign-in: the one-time code of an app. Signed in: confirms one’s own app',
  ],
  ['verify-backup-code', 'verifyRecoveryCode', 'The second step of a sign-in: a recovery code, which is good once'],
];

const secondSteps = SECOND_STEPS.map(
  ([path, operationId, summary]): Route => ({
    method: 'post',
    path: `${SIGN_IN_PREFIX}two-factor/${path}`,
    operationId,
    summary,
    description:
      'With the cookies of the step before, and hence with `Origin`. Too many wrong codes end the sign-in, and slow those that follow: ' +
      'each is looked at only after a delay that grows.',
    request: bodyOf(z.object({ code: z.string() })),
    responses: {
      200: { description: 'Signed in', headers: tokenHeader, content: json(person) },
      400: problemAnswer('The request cannot be read'),
      401: problemAnswer('Nobody is signed in'),
      403: problemAnswer('The code is wrong, or the sign-in has expired'),
      409: problemAnswer('As things are it cannot be done, or the session is of another person'),
      429: tooMany,
      ...common,
    },
  }),
);

const deviceCode: Route = {
  method: 'post',
  path: DEVICE_CODE_PATH,
  operationId: 'beginDeviceSignIn',
  summary: 'Begins the sign-in of a terminal (RFC 8628, §3.1)',
  description: 'Also with a form as RFC 8628 has it. What `User-Agent` says is shown to the person who is to decide.',
  request: bodyOf(z.object({ client_id: z.literal(DEVICE_CLIENT) })),
  responses: {
    200: {
      description: 'The code that the person confirms in a browser',
      content: json(
        z.object({
          device_code: z.string(),
          user_code: z.string(),
          verification_uri: z.string(),
          verification_uri_complete: z.string(),
          expires_in: z.int(),
          interval: z.int(),
        }),
      ),
    },
    400: oauthRefused('`invalid_client`, `invalid_request`'),
    403: problemAnswer('The request comes from a foreign site'),
    429: tooMany,
    ...common,
  },
};

const deviceToken: Route = {
  method: 'post',
  path: DEVICE_TOKEN_PATH,
  operationId: 'getDeviceToken',
  summary: 'Asks whether the person has decided, `interval` seconds apart (RFC 8628, §3.4)',
  description: 'Also with a form as RFC 8628 has it.',
  request: bodyOf(
    z.object({
      grant_type: z.literal('urn:ietf:params:oauth:grant-type:device_code'),
      device_code: z.string(),
      client_id: z.literal(DEVICE_CLIENT),
    }),
  ),
  responses: {
    200: {
      description: 'The token of the session, for `Authorization: Bearer`',
      content: json(
        z.object({ access_token: z.string(), token_type: z.literal('Bearer'), expires_in: z.int(), scope: z.string() }),
      ),
    },
    400: oauthRefused(
      '`authorization_pending`, `slow_down` (five seconds further apart from then on), `access_denied`, `expired_token`, `invalid_grant`, ' +
        '`invalid_request`, `unsupported_grant_type`',
    ),
    403: problemAnswer('The request comes from a foreign site'),
    429: tooMany,
    ...common,
  },
};

const signOut: Route = {
  method: 'post',
  path: `${SIGN_IN_PREFIX}sign-out`,
  operationId: 'signOut',
  summary: 'Ends the session that the request carries',
  responses: {
    200: {
      description: 'It has ended, or there was none',
      content: json(z.object({ success: z.boolean() }).loose()),
    },
    400: unread,
    403: problemAnswer('The request comes from a foreign site'),
    409: problemAnswer('The session is of another person than `Meldesync-Person` says'),
    415: unreadable,
    429: tooMany,
    ...common,
  },
};

/** Describes how a program without a browser signs in: the library that answers there describes nothing. */
export function describeSignIn(registry: Registry): void {
  for (const route of [passwordSignIn, ...secondSteps, deviceCode, deviceToken, signOut])
    registry.registerPath({
      ...route,
      [ACCESS_FIELD]: SIGN_IN_ROUTES.get(`${route.method.toUpperCase()} ${route.path}`),
    });
}
