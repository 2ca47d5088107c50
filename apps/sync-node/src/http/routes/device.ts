import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { openDevice } from '@meldesync/db';
import { deviceKeys, openedDevice } from '@meldesync/protocol';
import { access } from '../access.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { ApiError } from '../problems.ts';
import { commonProblems, jsonAnswer, security } from './route-parts.ts';

/** How long a browser may open its copy without the service, at most: a session that would have ended opens none. */
const KEEP_MS = 12 * 60 * 60 * 1_000;

/** What a browser keeps, and under which keys (ADR 24). */
export function deviceRoutes(
  api: OpenAPIHono<ApiEnv>,
  { accounts, deviceSecrets, sessionRules }: Pick<ApiServices, 'accounts' | 'deviceSecrets' | 'sessionRules'>,
): void {
  api.openapi(
    createRoute({
      method: 'post',
      path: '/me/device',
      operationId: 'openDevice',
      ...access('person'),
      summary: 'What a browser may keep of its person, for how long, and the keys to it',
      description:
        'For sessions of browsers. Once a session is said to be on a shared device it stays so, and gets no key of a copy. The ' +
        'private keys open edits that wait in a browser, and are given to the session of their person alone.',
      security,
      request: { body: { required: true, content: { 'application/json': { schema: openedDevice } } } },
      responses: {
        200: jsonAnswer('The keys', deviceKeys),
        400: commonProblems[400],
        401: commonProblems[401],
        403: commonProblems[403],
        409: commonProblems[409],
        503: commonProblems[503],
      },
    }),
    async (c) => {
      const { userId, sessionId } = c.get('identity');
      const { isShared, owners = [] } = c.req.valid('json');
      const device = await openDevice(accounts.drizzle, { sessionId, isShared });
      if (!device) throw new ApiError('forbidden');
      const idleMs = device.isShared ? sessionRules.sharedIdleMs : sessionRules.idleMs;
      const answer = {
        session: deviceSecrets.nameOf(sessionId),
        isShared: device.isShared,
        copyKey: device.isShared ? null : deviceSecrets.copyKey(sessionId),
        keepMs: device.isShared ? 0 : Math.max(0, Math.min(KEEP_MS, idleMs, device.expiresAt - Date.now())),
        idleMs,
        sealing: deviceSecrets.sealing(userId),
        owners: Object.fromEntries(owners.map((owner) => [owner, deviceSecrets.publicKey(owner)])),
      };
      return c.json(answer, 200);
    },
  );
}
