import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { administersInstallation, changeOwnPassword, findPasswordHash, recordSignInEvent } from '@meldesync/db';
import { passwordChange } from '@meldesync/protocol';
import { addressOf } from '../../auth/address-of.ts';
import { requirePasswords } from '../../auth/password-policy.ts';
import { checkPassword } from '../../auth/password-rules.ts';
import { RequestLimits } from '../../auth/request-limits.ts';
import type { Identity } from '../../core/identity.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { ApiError } from '../problems.ts';
import { ownPasswordProblems, security } from './route-parts.ts';

/** So often somebody may say what their password is, by account. */
const LIMIT = { window: 60, max: 10 };

/** Changes one's own password. */
export function ownPasswordRoutes(api: OpenAPIHono<ApiEnv>, services: ApiServices): void {
  const limits = new RequestLimits();
  api.openapi(
    createRoute({
      method: 'post',
      path: '/me/password',
      operationId: 'changeOwnPassword',
      summary: 'Another password of one’s own; all other sessions end',
      security,
      request: { body: { content: { 'application/json': { schema: passwordChange } }, required: true } },
      responses: { 204: { description: 'The password is another' }, ...ownPasswordProblems },
    }),
    async (c) => {
      const identity = c.get('identity');
      const { current, new: wanted } = c.req.valid('json');
      const address = addressOf(c.req.raw.headers);
      const isInstallationAdmin = await administersInstallation(services.accounts.drizzle, identity.userId);
      requirePasswords(services.people.passwordPolicy, { isInstallationAdmin });
      const oldHash = await provePassword(services, limits, identity, current, address);
      const broken = await checkPassword(wanted, identity);
      if (broken) throw new ApiError(broken);
      const newHash = await services.passwords.hash(wanted);
      const { userId, sessionId } = identity;
      if (!(await changeOwnPassword(services.accounts, { userId, sessionId, address, oldHash, newHash })))
        throw new ApiError('password-wrong');
      return c.body(null, 204);
    },
  );
}

/** The hash of the password, which is the person's. Throws when it is not, and then that is on record as a sign-in that failed. */
async function provePassword(
  { accounts: { drizzle }, passwords, logger }: ApiServices,
  limits: RequestLimits,
  { userId, sessionId }: Identity,
  password: string,
  address: string | null,
): Promise<string> {
  const hash = await findPasswordHash(drizzle, userId);
  if (hash === undefined) throw new ApiError('no-password');
  const { allowed } = await limits.consume(userId, LIMIT);
  if (!allowed) throw new ApiError('rate-limited');
  if (await passwords.verify({ hash, password })) return hash;
  await recordSignInEvent(drizzle, {
    kind: 'sign-in-failed',
    userId,
    sessionId,
    address,
    after: { method: 'password' },
  });
  logger.event('sign-in-refused', { signInMethod: 'password', user: userId, ...(address !== null && { address }) });
  throw new ApiError('password-wrong');
}
