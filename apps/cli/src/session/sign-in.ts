import { SyncError } from '@meldesync/client';
import { problem, TOKEN_HEADER } from '@meldesync/protocol';
import { z } from 'zod';
import { CliError } from '../errors.ts';
import type { Language } from '../messages/language.ts';
import { type PostAnswer, postJson } from './post-json.ts';

/** Who signs in where. */
export interface Credentials {
  /** Origin of the server. */
  readonly server: string;
  readonly email: string;
  readonly password: string;
  /** Asks for the code of a second factor; called where the account has one. */
  readonly askCode: () => Promise<string>;
}

const secondStep = z.object({ twoFactorRedirect: z.literal(true) });
const tokenInBody = z.object({ token: z.string() });
/** A one-time password; a recovery code is anything else. */
const ONE_TIME_PASSWORD = /^\d{6}$/;

/**
 * Signs in with e-mail and password (better-auth, bearer plugin), and a code where the account asks for a second factor. Returns the
 * bearer token. Throws `wrongCredentials`, `wrongCode`, what the server says, `signInRefused`, or `notAServer` when the
 * answer is not that of a MeldeSync server.
 */
export async function signIn(
  { server, email, password, askCode }: Credentials,
  language: Language,
  signal: AbortSignal,
): Promise<string> {
  const call = { language, signal };
  const answer = await postJson(new URL('/api/auth/sign-in/email', server), { ...call, body: { email, password } });
  throwRefusal(answer, server, 'wrongCredentials');
  if (!secondStep.safeParse(answer.body).success) return tokenOf(answer, server);
  const code = (await askCode()).replace(/\s/g, '');
  const step = ONE_TIME_PASSWORD.test(code) ? 'verify-totp' : 'verify-backup-code';
  const { cookies } = answer;
  const verified = await postJson(new URL(`/api/auth/two-factor/${step}`, server), {
    ...call,
    cookies,
    body: { code },
  });
  throwRefusal(verified, server, 'wrongCode');
  return tokenOf(verified, server);
}

function throwRefusal(
  { status, body, header }: PostAnswer,
  server: string,
  refused: 'wrongCredentials' | 'wrongCode',
): void {
  if (status === 200) return;
  const said = problem.safeParse(body).data?.code;
  if (said === 'code-wrong') throw new CliError('wrongCode');
  if (said !== undefined) throw new SyncError(said, waitOf(header));
  if (status === 401) throw new CliError(refused);
  if (status === 404) throw new CliError('notAServer', { server });
  if (status === 429) throw new SyncError('rate-limited', waitOf(header));
  if (status === 503) throw new SyncError('unavailable');
  throw new CliError('signInRefused', { status });
}

/** How long the server asks to wait. */
export function waitOf(header: PostAnswer['header']): { retryAfterMs?: number } {
  const seconds = header('retry-after');
  return seconds !== undefined && /^\d{1,6}$/.test(seconds) ? { retryAfterMs: Number(seconds) * 1_000 } : {};
}

/** The token of a session that was just begun: of the header, where it is signed, or of the body. */
function tokenOf({ header, body }: PostAnswer, server: string): string {
  const said = header(TOKEN_HEADER) || tokenInBody.safeParse(body).data?.token;
  if (said === undefined || said === '') throw new CliError('notAServer', { server });
  return said;
}

/** Ends the session of the token that `fetch` sends. */
export async function signOut(fetch: typeof globalThis.fetch, server: string): Promise<void> {
  const response = await fetch(new URL('/api/auth/sign-out', server), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  await response.body?.cancel();
}
