import {
  type Database,
  endPasswordSessions,
  findUserByEmail,
  findUserOfPasskey,
  hasPasskeyAlone,
  recordSignInEvent,
  useOneTimePassword,
} from '@meldesync/db';
import { MAX_NAME_LENGTH } from '@meldesync/domain';
import type { BetterAuthPlugin } from 'better-auth';
import { APIError, createAuthMiddleware, isAPIError } from 'better-auth/api';
import { deleteSessionCookie } from 'better-auth/cookies';
import type { Tries, Unguessable } from '../limits/tries.ts';
import { askedOf } from './auth-request.ts';
import { knownSenderOf, type Middleware, type Sender, senderOf } from './sender.ts';
import {
  ASKS_FOR_PASSWORD,
  isFailedProof,
  methodOfPath,
  OWN_CHANGES,
  SECOND_STEPS,
  type SignInMethod,
} from './sign-in-paths.ts';
import { isProviderRefusal } from './single-sign-on/back-from-provider.ts';

/** Somebody could not prove who they are. */
export interface FailedSignIn {
  readonly method: SignInMethod;
  /** Whose account it was; undefined where what was typed leads to none. */
  readonly user: string | undefined;
  readonly address: string | null;
}

interface RecordOptions {
  /** Hears that somebody could not prove who they are. */
  readonly onFailed: (failed: FailedSignIn) => void;
  /** Who sets up their first second factor ends what their password alone had begun: it would count as begun with both. */
  readonly requiresSecondFactor: boolean;
  /** Says how many failures go on record where anybody can make them; all without it. */
  readonly tries: Pick<Tries, 'mayRecord'> | undefined;
}

/** Ways on which nobody's tries are counted before they are looked at. */
const UNCOUNTED = { passkey: 'passkey', oidc: 'single-sign-on' } as const satisfies Partial<
  Record<SignInMethod, Unguessable>
>;

const WRONG_NAME = { code: 'NAME_INVALID', message: 'Not a name' };
const WRONG_CODE = { code: 'INVALID_CODE', message: 'Invalid code' };
/** How each way is refused, whatever the reason. */
const REFUSAL_OF_PATH: Readonly<Record<string, { code: string; message: string }>> = {
  '/sign-in/email': { code: 'INVALID_EMAIL_OR_PASSWORD', message: 'Invalid email or password' },
  '/passkey/verify-authentication': { code: 'AUTHENTICATION_FAILED', message: 'Authentication failed' },
};

/**
 * better-auth's plugin that notes how who begins a session proved who they are, and puts on record
 * who signed in, who failed to, and who changed how they sign in. A one-time password is good once. Comes last: what the plugins
 * before it have refused has begun no session. Long because its hooks share much; none of them is.
 */
export function signInRecord(database: Database, { onFailed, requiresSecondFactor, tries }: RecordOptions) {
  const { drizzle } = database;
  return {
    id: 'meldesync-sign-in-record',
    schema: {
      session: { fields: { method: { type: 'string', required: false, input: false, returned: false } } },
    },
    init: () => ({
      options: {
        databaseHooks: {
          session: {
            create: {
              before: async (_, given) => {
                // A session that takes the place of another was begun as that one was.
                const before: unknown = given?.context.session?.session['method'];
                const method = before ?? methodOfPath(given?.path) ?? 'password';
                const asked = askedOf();
                // better-auth would write down the network of an address of IPv6.
                return { data: { method, ...(asked && { ipAddress: asked.address ?? '' }) } };
              },
            },
          },
        },
      },
    }),
    hooks: {
      before: [
        {
          matcher: ({ path = '' }) => path in SECOND_STEPS || path in OWN_CHANGES || ASKS_FOR_PASSWORD.has(path),
          handler: createAuthMiddleware(async (ctx) => {
            await senderOf(ctx);
            // No device is trusted without a code, and a passkey that is added begins no session.
            const body = ctx.body as Record<string, unknown> | undefined;
            if (typeof body?.['name'] === 'string' && !isName(body['name']))
              throw APIError.from('BAD_REQUEST', WRONG_NAME);
            return body && { context: { body: { ...body, trustDevice: false, createSession: false } } };
          }),
        },
      ],
      after: [
        {
          matcher: ({ path = '' }) =>
            path in OWN_CHANGES || ASKS_FOR_PASSWORD.has(path) || methodOfPath(path) !== undefined,
          handler: createAuthMiddleware(async (ctx) => {
            const sender = await knownSenderOf(ctx);
            const method = methodOfPath(ctx.path);
            if (sender?.session) await recordChange(ctx, sender.session);
            else if (method !== undefined) await recordSignIn(ctx, method, sender?.challenged);
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin;

  async function recordSignIn(ctx: Middleware, method: SignInMethod, challenged: string | undefined): Promise<void> {
    const { path } = ctx;
    const address = addressOf();
    const step = SECOND_STEPS[path];
    const after = { method, ...(step !== undefined && { secondFactor: step }) };
    const begun = ctx.context.newSession;
    const isReplay = begun !== null && !(await isFreshCode(ctx, begun.user.id));
    if (begun && !isReplay) {
      const [userId, sessionId] = [begun.user.id, begun.session.id];
      await recordSignInEvent(drizzle, { kind: 'sign-in', userId, sessionId, address, after });
      return;
    }
    // Who waits to be let in by somebody else, or comes to the second step without the first, proves nothing.
    const provesNothing = method === 'device' || (step !== undefined && challenged === undefined);
    if (!isReplay && (provesNothing || !isFailed(ctx))) return;
    const userId = challenged ?? (await claimedUser(ctx));
    if (!tries || !isUncounted(method) || (await tries.mayRecord(UNCOUNTED[method], address)))
      await recordSignInEvent(drizzle, { kind: 'sign-in-failed', userId, address, after });
    onFailed({ method, user: userId, address });
    if (isReplay) await endBegun(ctx);
    // What opens a closed account looks like what opens none.
    const refusal = isReplay ? WRONG_CODE : REFUSAL_OF_PATH[path];
    if (refusal) throw APIError.from('UNAUTHORIZED', refusal);
  }

  /** Whom a password or a passkey that was refused is of. */
  async function claimedUser({ path, body }: Middleware): Promise<string | undefined> {
    const given = body as { email?: unknown; response?: { id?: unknown } } | undefined;
    if (path === '/sign-in/email')
      return typeof given?.email === 'string' ? findUserByEmail(drizzle, given.email.toLowerCase()) : undefined;
    const credential = given?.response?.id;
    return typeof credential === 'string' ? findUserOfPasskey(drizzle, credential) : undefined;
  }

  /** Whoever sits at somebody's open session may try to find out the password there. */
  async function recordWrongPassword({ userId, id }: NonNullable<Sender['session']>): Promise<void> {
    const address = addressOf();
    const after = { method: 'password' } as const;
    await recordSignInEvent(drizzle, { kind: 'sign-in-failed', userId, sessionId: id, address, after });
    onFailed({ ...after, user: userId, address });
  }

  async function recordChange(ctx: Middleware, session: NonNullable<Sender['session']>): Promise<void> {
    const { path } = ctx;
    const { returned } = ctx.context;
    if (isAPIError(returned)) {
      if (ASKS_FOR_PASSWORD.has(path) && returned.body?.code === 'INVALID_PASSWORD') await recordWrongPassword(session);
      return;
    }
    const { userId } = session;
    // A code that the person shows while signed in: the first one, with which one-time passwords begin.
    const isEnrolment = path === '/two-factor/verify-totp' && ctx.context.newSession !== null;
    if (isEnrolment) await isFreshCode(ctx, userId);
    const kind = isEnrolment ? 'second-factor-set-up' : OWN_CHANGES[path];
    if (kind === undefined) return;
    const sessionId = ctx.context.newSession?.session.id ?? session.id;
    const address = addressOf();
    await recordSignInEvent(drizzle, { kind, userId, sessionId, address });
    if (!requiresSecondFactor) return;
    if (isEnrolment || (kind === 'passkey-added' && (await hasPasskeyAlone(drizzle, userId))))
      await endPasswordSessions(
        database,
        { actor: `user:${userId}`, sessionId, address },
        { userId, except: sessionId },
      );
  }

  /** Whether this is no one-time password that was used before (RFC 6238 §5.2). Using it notes that it was. */
  async function isFreshCode(ctx: Middleware, userId: string): Promise<boolean> {
    if (ctx.path !== '/two-factor/verify-totp') return true;
    return useOneTimePassword(drizzle, userId, (ctx.body as { code: string }).code);
  }
}

/** Ends the session that has just begun: nobody gets it. */
async function endBegun(ctx: Middleware): Promise<void> {
  const { newSession } = ctx.context;
  deleteSessionCookie(ctx);
  if (newSession) await ctx.context.internalAdapter.deleteSession(newSession.session.token);
  ctx.context.setNewSession(null);
}

function isUncounted(method: SignInMethod): method is keyof typeof UNCOUNTED {
  return method in UNCOUNTED;
}

/** As everything else has it: the transport says it. */
function addressOf(): string | null {
  return askedOf()?.address ?? null;
}

/** Whether a passkey may be called so: something to see, and no signs that turn a line around. */
function isName(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text) && text.length <= MAX_NAME_LENGTH && !/[\p{C}\u2028\u2029]/u.test(text);
}

/** The error with which somebody is sent from the provider to the page for signing in. */
function errorSentBack(location: string | null): string | null {
  return location === null || !URL.canParse(location) ? null : new URL(location).searchParams.get('error');
}

/** Whether the request was refused because somebody could not prove who they are, or because their account is closed. */
function isFailed({ context: { returned } }: Middleware): boolean {
  if (!isAPIError(returned)) return false;
  if (returned.statusCode === 302)
    return isProviderRefusal(errorSentBack(new Headers(returned.headers).get('location')));
  return isFailedProof(returned.statusCode, returned.body?.code);
}
