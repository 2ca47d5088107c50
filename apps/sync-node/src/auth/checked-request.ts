import { parseCookies, setRequestCookie } from 'better-auth/cookies';
import type { Identity } from '../core/identity.ts';
import { SESSION_COOKIE } from './cookie-prefix.ts';
import { presentedToken, type SessionForm } from './presented-token.ts';
import { signToken } from './session-tokens.ts';

/** The request as better-auth may see it: with `checkedHeaders`. */
export function checkedRequest(request: Request, identity: Identity | undefined, form: SessionForm): Request {
  const headers = checkedHeaders(request.headers, identity, form);
  return headers === request.headers ? request : new Request(request, { headers });
}

/**
 * Headers as better-auth may see them, of a request of this identity. It knows no limits of a session but its end, one key, and no
 * programs: the token of a session that is over, or a program's, is taken out, and one that is signed with another of the keys is signed
 * with the first.
 */
export function checkedHeaders(given: Headers, identity: Identity | undefined, form: SessionForm): Headers {
  if (!given.has('authorization') && !given.get('cookie')?.includes(SESSION_COOKIE)) return given;
  const headers = new Headers(given);
  const presented = presentedToken(headers, form);
  if (!identity || !presented || identity.kind === 'service') {
    headers.delete('authorization');
    dropSessionCookies(headers);
  } else {
    const signed = signToken(presented.token, form.keys[0].secret);
    if (presented.by === 'bearer') headers.set('authorization', `Bearer ${signed}`);
    else for (const name of sessionCookies(headers)) setRequestCookie(headers, name, signed);
  }
  return headers;
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
