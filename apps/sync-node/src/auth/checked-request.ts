import { parseCookies, setRequestCookie } from 'better-auth/cookies';
import { COOKIE_PREFIX } from './cookie-prefix.ts';
import type { Identify } from './identify.ts';
import { presentedToken } from './presented-token.ts';
import { type SessionKeys, signToken } from './session-tokens.ts';

/** What the name of a session's cookie ends on, behind prefixes that depend on the address. */
const SESSION_COOKIE = `${COOKIE_PREFIX}.session_token`;

/**
 * The request as better-auth may see it. It knows no limits of a session but its end, one key, and no programs: the token of a session
 * that is over, or a program's, is taken out, and one that is signed with another of the keys is signed with the first.
 */
export async function checkedRequest(
  request: Request,
  { identify, keys }: { readonly identify: Identify; readonly keys: SessionKeys },
): Promise<Request> {
  if (!request.headers.has('authorization') && !request.headers.get('cookie')?.includes(SESSION_COOKIE)) return request;
  const headers = new Headers(request.headers);
  const identity = await identify(headers);
  const presented = presentedToken(headers, keys);
  if (!identity || !presented || identity.kind === 'service') {
    headers.delete('authorization');
    dropSessionCookies(headers);
  } else {
    const signed = signToken(presented.token, keys[0].secret);
    if (presented.by === 'bearer') headers.set('authorization', `Bearer ${signed}`);
    else for (const name of sessionCookies(headers)) setRequestCookie(headers, name, signed);
  }
  return new Request(request, { headers });
}

function sessionCookies(headers: Headers): string[] {
  return [...parseCookies(headers.get('cookie') ?? '').keys()].filter((name) => name.endsWith(SESSION_COOKIE));
}

function dropSessionCookies(headers: Headers): void {
  const cookies = (headers.get('cookie') ?? '').split(';').map((cookie) => cookie.trim());
  const kept = cookies.filter((cookie) => !cookie.split('=', 1)[0]?.trim().endsWith(SESSION_COOKIE));
  if (kept.some((cookie) => cookie !== '')) headers.set('cookie', kept.join('; '));
  else headers.delete('cookie');
}
