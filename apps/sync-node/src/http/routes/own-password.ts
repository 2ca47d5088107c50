import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { administersInstallation, changeOwnPassword, findPasswordHash, recordSignInEvent } from '@meldesync/db';
import { passwordChange } from '@meldesync/protocol';
import { addressOf } from '../../auth/address-of.ts';
import { ownPasswordTry } from '../../auth/limited-tries.ts';
import { requirePasswords } from '../../auth/password-policy.ts';
import { checkPassword } from '../../auth/password-rules.ts';
import type { Identity } from '../../core/identity.ts';
import { access } from '../access.ts';
import type { ApiEnv, ApiServices } from '../api-context.ts';
import { ApiError } from '../problems.ts';
import { personIn } from './person-in.ts';
import { ownPasswordProblems, security } from './route-parts.ts';

/** Changes one's own password. */
export function ownPasswordRoutes(api: OpenAPIHono<ApiEnv>, services: ApiServices): void {
  api.openapi(
    createRoute({
      method: 'post',
      path: '/me/password',
      operationId: 'changeOwnPassword',
      ...access('person'),
      summary: 'Another password of one’s own; all other sessions end',
      security,
      request: { body: { content: { 'application/json': { schema: passwordChange } }, required: true } },
      responses: { 204: { description: 'The password is another' }, ...ownPasswordProblems },
    }),
    async (c) => {
      const identity = personIn(c);
      const { current, new: wanted } = c.req.valid('json');
      const address = addressOf(c.req.raw.headers);
      const isInstallationAdmin = await administersInstallation(services.accounts.drizzle, identity.userId);
      requirePasswords(services.people.passwordPolicy, { isInstallationAdmin });
      const oldHash = await provePassword(services, identity, current, address);
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
  { accounts: { drizzle }, passwords, limits, logger }: ApiServices,
  { userId, sessionId, email }: Identity,
  password: string,
  address: string | null,
): Promise<string> {
  const hash = await findPasswordHash(drizzle, userId);
  if (hash === undefined) throw new ApiError('no-password');
  const tried = ownPasswordTry({ userId, email }, address);
  if (await limits.tries.run(tried, () => passwords.verify({ hash, password }))) return hash;
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
