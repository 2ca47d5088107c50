import { SyncError } from '@meldesync/client';
import { CliError } from '../errors.ts';
import type { Language } from '../messages/language.ts';
import { postJson } from './post-json.ts';

/** Who signs in where. */
export interface Credentials {
  /** Origin of the server. */
  readonly server: string;
  readonly email: string;
  readonly password: string;
}

/**
 * Signs in with e-mail and password (better-auth, bearer plugin). Returns the bearer token. Throws `wrongCredentials`,
 * `signInRefused`, `rate-limited`, `unavailable`, or `notAServer` when the answer is not that of a MeldeSync server.
 */
export async function signIn(
  { server, email, password }: Credentials,
  language: Language,
  signal: AbortSignal,
): Promise<string> {
  const { status, header } = await postJson(
    new URL('/api/auth/sign-in/email', server),
    { email, password },
    language,
    signal,
  );
  if (status === 401) throw new CliError('wrongCredentials');
  if (status === 404) throw new CliError('notAServer', { server });
  if (status === 429) throw new SyncError('rate-limited');
  if (status === 503) throw new SyncError('unavailable');
  if (status !== 200) throw new CliError('signInRefused', { status });
  const token = header('set-auth-token');
  if (token === undefined || token === '') throw new CliError('notAServer', { server });
  return token;
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
