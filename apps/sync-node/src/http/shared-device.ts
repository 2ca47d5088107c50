import { SHARED_HEADER } from '@meldesync/protocol';
import { serialize } from 'hono/utils/cookie';
import { sharedCookieName } from '../auth/cookie-prefix.ts';

/** Signing in takes no longer. */
const REMEMBERED_S = 15 * 60;

/**
 * Remembers in a cookie what `SHARED_HEADER` said: a session may begin only after further requests, for a second factor or by way of a
 * provider's page, which says nothing of it.
 */
export function rememberShared(request: Request, answer: Response, { isSecure }: { isSecure: boolean }): Response {
  const said = request.headers.get(SHARED_HEADER);
  if (said === null) return answer;
  const isShared = said === '1';
  const cookie = serialize(sharedCookieName(isSecure), isShared ? '1' : '', {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: isSecure,
    maxAge: isShared ? REMEMBERED_S : 0,
  });
  answer.headers.append('set-cookie', cookie);
  return answer;
}
