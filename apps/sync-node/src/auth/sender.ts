import type { createAuthMiddleware } from 'better-auth/api';
import { askedOf } from './auth-request.ts';

/** What better-auth's hooks are given. */
export type Middleware = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0];

/** Who sends a request, as far as they have proven it already. */
export interface Sender {
  /** Of the session they are signed in with. */
  readonly session: { readonly userId: string; readonly id: string; readonly email: string } | undefined;
  /** Whose password was right, and whose code is awaited. */
  readonly challenged: string | undefined;
}

const senders = new WeakMap<object, Promise<Sender>>();

/** Who sends the request; looked up once, before it is answered. */
export function senderOf(ctx: Middleware): Promise<Sender> {
  const known = senders.get(ctx.context);
  if (known) return known;
  const found = findSender(ctx);
  senders.set(ctx.context, found);
  return found;
}

/** Who sent it, where that was looked up. */
export async function knownSenderOf({ context }: Middleware): Promise<Sender | undefined> {
  return senders.get(context);
}

async function findSender(ctx: Middleware): Promise<Sender> {
  const identity = askedOf()?.identity;
  // better-auth's own hooks do not see whom a bearer token is of.
  if (identity) {
    const { userId, sessionId: id, email } = identity;
    return { session: { userId, id, email }, challenged: undefined };
  }
  const cookie = ctx.context.createAuthCookie('two_factor');
  const challenge = await ctx.getSignedCookie(cookie.name, ctx.context.secret);
  const known = challenge ? await ctx.context.internalAdapter.findVerificationValue(challenge) : null;
  return { session: undefined, challenged: known?.value };
}
