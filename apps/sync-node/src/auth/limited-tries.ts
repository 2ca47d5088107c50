import { type Database, findUserByEmail } from '@meldesync/db';
import type { BetterAuthPlugin } from 'better-auth';
import { createAuthMiddleware } from 'better-auth/api';
import type { Limits } from '../limits/limits.ts';
import type { Guessable, Trier, Try } from '../limits/tries.ts';
import { type AuthRequest, askedOf } from './auth-request.ts';
import { knownDeviceOf } from './known-device.ts';
import { type Middleware, senderOf } from './sender.ts';
import { ASKS_FOR_PASSWORD, SECOND_STEPS } from './sign-in-paths.ts';

/** Where somebody who is nobody yet says their password. */
const PASSWORD = '/sign-in/email';

/** What is tried by a request, and of whom. */
type Tried = Pick<Try, 'secret' | 'account' | 'trier' | 'user'>;

/**
 * better-auth's plugin that counts a password or a code before it is looked at, and refuses it where there were too many wrong ones
 * (`rate-limited`). Whoever has better-auth answer settles the try by what it answers: `flow.tried`.
 */
export function limitedTries({ tries, devices }: Pick<Limits, 'tries' | 'devices'>, { drizzle }: Database) {
  return {
    id: 'meldesync-limited-tries',
    hooks: {
      before: [
        {
          matcher: ({ path = '' }) => path === PASSWORD || path in SECOND_STEPS || ASKS_FOR_PASSWORD.has(path),
          handler: createAuthMiddleware(async (ctx) => {
            const asked = askedOf();
            const tried = asked && (await triedBy(ctx, asked));
            if (!tried) return;
            const { secret, account } = tried;
            const begun = await tries.begin({ ...tried, address: asked.address });
            asked.flow.tried = { secret, account, begun };
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin;

  async function triedBy(ctx: Middleware, asked: AuthRequest): Promise<Tried | undefined> {
    if (ctx.path === PASSWORD) return typedPassword(ctx.body, asked);
    const { session, challenged } = await senderOf(ctx);
    const isCode = ctx.path in SECOND_STEPS;
    if (session && !isCode) return ownPasswordTry(session, asked.address);
    if (session)
      return { secret: 'code', account: session.userId, trier: { as: 'session' }, user: async () => session.userId };
    if (!isCode || challenged === undefined) return undefined;
    const trier = trierOf(asked, 'code', challenged);
    return { secret: 'code', account: challenged, trier, user: async () => challenged };
  }

  function typedPassword(body: unknown, asked: AuthRequest): Tried | undefined {
    const email = typeof body === 'object' && body !== null && 'email' in body ? body.email : undefined;
    if (typeof email !== 'string') return undefined;
    const account = accountOf(email);
    return {
      secret: 'password',
      account,
      trier: trierOf(asked, 'password', account),
      user: () => findUserByEmail(drizzle, account),
    };
  }

  function trierOf(asked: AuthRequest, secret: Guessable, account: string): Trier {
    const mark = devices.markOf(knownDeviceOf(asked.headers), { secret, account });
    return mark === undefined ? { as: 'stranger' } : { as: 'device', mark };
  }
}

/** Whose password is tried, whether there is such an account or not. */
function accountOf(email: string): string {
  return email.toLowerCase();
}

/** A try of somebody's own password, in their session. */
export function ownPasswordTry(
  { userId, email }: { readonly userId: string; readonly email: string },
  address: string | null,
): Try {
  const user = async () => userId;
  return { secret: 'password', account: accountOf(email), address, trier: { as: 'session' }, user };
}
