import { type Database, dropEndedSessions, findProof, mayHoldSessions, type SessionRules } from '@meldesync/db';
import { SESSION_KIND_HEADER, SHARED_HEADER } from '@meldesync/protocol';
import type { BetterAuthPlugin } from 'better-auth';
import { parseCookies } from 'better-auth/cookies';
import { askedOf } from './auth-request.ts';
import { sharedCookieName } from './cookie-prefix.ts';
import type { SessionKeys } from './session-tokens.ts';

/** What better-auth knows of the request in which a session begins, as far as it is needed. */
interface BeginContext {
  readonly path?: string;
  readonly headers?: Headers | undefined;
  readonly request?: Request | undefined;
  readonly context: { readonly session?: { readonly session: Record<string, unknown> } | null };
}

interface SessionBeginOptions {
  readonly database: Database;
  readonly keys: SessionKeys;
  /** By which the sessions of the person are over that are taken away when another begins; none are where they are absent. */
  readonly rules: SessionRules | undefined;
  /** People come by https alone. */
  readonly isSecure: boolean;
}

/** Where a terminal gets a session that a person has let it have in a browser (RFC 8628). */
const DEVICE_TOKEN_PATH = '/device/token';

/**
 * better-auth's plugin that writes into a session what `SHARED_HEADER` and `SESSION_KIND_HEADER` say of it, and the key that signs
 * it. One that takes the place of another is as that one was; that of a terminal is as old in its proof as the session it was let in by. None begins for an account that is disabled, or a program's.
 */
export function sessionBegin({ database, keys, rules, isSecure }: SessionBeginOptions) {
  const sharedCookie = sharedCookieName(isSecure);
  return {
    id: 'meldesync-session-begin',
    schema: {
      session: {
        fields: {
          kind: { type: 'string', required: false, input: false },
          isShared: { type: 'boolean', required: false, input: false },
          keyId: { type: 'string', required: false, input: false, returned: false },
          authenticatedAt: { type: 'date', required: false, input: false, returned: false },
        },
      },
    },
    init: () => ({
      options: {
        databaseHooks: {
          session: {
            create: {
              before: async (session, given) => {
                if (!(await mayHoldSessions(database.drizzle, session.userId))) return false;
                if (rules) await dropEndedSessions(database, session.userId, rules);
                const context = given as BeginContext | null;
                const isLetIn = context?.path === DEVICE_TOKEN_PATH;
                const proof = isLetIn ? await proofOfLetIn(database) : undefined;
                if (isLetIn && !proof) return false;
                const before = context?.context.session?.session ?? {};
                const headers = context?.headers ?? context?.request?.headers;
                return {
                  data: {
                    ...session,
                    kind: before['kind'] ?? (headers && isForTerminal(headers, context?.path) ? 'terminal' : 'browser'),
                    isShared:
                      before['isShared'] === true || (headers !== undefined && isOnSharedDevice(headers, sharedCookie)),
                    keyId: keys[0].id,
                    ...(proof && { authenticatedAt: proof }),
                  },
                };
              },
            },
          },
        },
      },
    }),
  } satisfies BetterAuthPlugin;
}

/** When whoever let the terminal in that asks last proved who they are: to let one in proves nothing. Undefined where their session has ended. */
async function proofOfLetIn({ drizzle }: Database): Promise<Date | undefined> {
  const sessionId = askedOf()?.flow.letInBy;
  return sessionId === undefined ? undefined : findProof(drizzle, sessionId);
}

/** Whether others use the device too, from which somebody signs in. */
function isOnSharedDevice(headers: Headers, sharedCookie: string): boolean {
  const said = headers.get(SHARED_HEADER);
  return said === null ? parseCookies(headers.get('cookie') ?? '').get(sharedCookie) === '1' : said === '1';
}

function isForTerminal(headers: Headers, path: string | undefined): boolean {
  return path === DEVICE_TOKEN_PATH || isTerminal(headers);
}

/** Whether a program signs in that keeps the token itself: it says so, or sends nothing of what every browser does. */
export function isTerminal(headers: Headers): boolean {
  const kind = headers.get(SESSION_KIND_HEADER);
  if (kind !== null) return kind === 'terminal';
  return !headers.has('origin') && !headers.has('sec-fetch-mode');
}
