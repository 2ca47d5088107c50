import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { noteLetIn } from '@meldesync/db';
import { askingTerminal, deviceCodeInput, type ErrorCode } from '@meldesync/protocol';
import { isAPIError } from 'better-auth/api';
import type { Context } from 'hono';
import { addressOf } from '../../auth/address-of.ts';
import { checkedHeaders } from '../../auth/checked-request.ts';
import type { Identity } from '../../core/identity.ts';
import { access } from '../access.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { ApiError, isCoded } from '../problems.ts';
import { commonProblems, jsonAnswer, security } from './route-parts.ts';

/** What better-auth refuses a code with. */
const CODE_OF_ERROR: Readonly<Record<string, ErrorCode>> = {
  invalid_request: 'device-code-used',
  expired_token: 'device-code-expired',
  access_denied: 'device-code-used',
  unauthorized: 'unauthenticated',
};

const request = { body: { content: { 'application/json': { schema: deviceCodeInput } }, required: true } };
const problems = {
  ...commonProblems,
  404: { ...commonProblems[404], description: 'There is no such code' },
  409: { ...commonProblems[409], description: 'It is decided on, or the session is of another person' },
  410: { ...commonProblems[404], description: 'The code has expired' },
  429: { ...commonProblems[404], description: 'Too many codes were tried' },
};

/** A person decides on a terminal that asks to be signed in. The code is in the body: addresses end up in logs. */
export function deviceSignInRoutes(api: OpenAPIHono<ApiEnv>, services: ApiServices): void {
  const { auth, authReports, keys, sessionCookie, accounts, limits } = services;
  const headersIn = (c: Context<ApiEnv>) =>
    checkedHeaders(c.req.raw.headers, c.get('identity'), { keys, cookieName: sessionCookie.name });

  /** Which terminal shows the code; from then on nobody else may decide. */
  const look = async ({ userId, kind }: Identity, code: string, headers: Headers) => {
    // What a program may is limited, and a session that it let in would not be.
    if (kind === 'service') throw new ApiError('forbidden');
    const begun = await limits.tries.begin({
      secret: 'device-code',
      account: userId,
      address: addressOf(headers),
      trier: { as: 'session' },
      user: async () => userId,
    });
    const verify = () => auth.api.deviceVerify({ query: { user_code: lettersOf(code) }, headers });
    const found = await coded(() => authReports.listen(verify), { invalid_request: 'device-code-unknown' }).catch(
      async (error: unknown) => {
        await begun.settle(isCoded(error, 'device-code-unknown') ? 'wrong' : 'neither');
        throw error;
      },
    );
    await begun.settle('right');
    if (found.status !== 'pending' || !('client_id' in found)) throw new ApiError('device-code-used');
    return found;
  };

  api.openapi(
    createRoute({
      method: 'post',
      path: '/device-sign-ins/look',
      operationId: 'lookAtDeviceSignIn',
      ...access('person'),
      summary: 'Which terminal asks to be signed in with this code',
      security,
      request,
      responses: { 200: jsonAnswer('The terminal', askingTerminal), ...problems },
    }),
    async (c) => {
      const found = await look(c.get('identity'), c.req.valid('json').code, headersIn(c));
      const { userAgent, ipAddress, expiresAt } = found as unknown as Record<string, unknown>;
      return c.json(
        askingTerminal.parse({
          userAgent: userAgent ?? null,
          address: ipAddress ?? null,
          expiresAt: new Date(expiresAt as string | Date).toISOString(),
        }),
        200,
      );
    },
  );

  for (const [act, summary] of [
    ['allow', 'Sign the terminal in as oneself'],
    ['deny', 'Turn the terminal away'],
  ] as const) {
    api.openapi(
      createRoute({
        method: 'post',
        path: `/device-sign-ins/${act}`,
        operationId: `${act}DeviceSignIn`,
        ...access('person'),
        summary,
        security,
        request,
        responses: { 204: { description: 'Decided' }, ...problems },
      }),
      async (c) => {
        const headers = headersIn(c);
        const { code } = c.req.valid('json');
        const { userId, sessionId } = c.get('identity');
        await look(c.get('identity'), code, headers);
        if (act === 'allow') await noteLetIn(accounts.drizzle, { userCode: lettersOf(code), userId, sessionId });
        const decide = act === 'allow' ? auth.api.deviceApprove : auth.api.deviceDeny;
        await coded(() => authReports.listen(() => decide({ body: { userCode: lettersOf(code) }, headers })));
        return c.body(null, 204);
      },
    );
  }
}

function lettersOf(code: string): string {
  return code.replace(/[^a-z]/gi, '').toUpperCase();
}

/** Turns what better-auth refuses into an error of the catalogue. */
async function coded<Answer>(
  ask: () => Promise<Answer>,
  own: Readonly<Record<string, ErrorCode>> = {},
): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    const said = isAPIError(error) ? (error.body as { error?: string } | undefined)?.error : undefined;
    const code = said === undefined ? undefined : (own[said] ?? CODE_OF_ERROR[said]);
    throw code === undefined ? error : new ApiError(code);
  }
}
