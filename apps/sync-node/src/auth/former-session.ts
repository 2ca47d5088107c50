import { type Database, endOwnSessions, SYSTEM } from '@meldesync/db';
import { parseCookies } from 'better-auth/cookies';
import type { Identity } from '../core/identity.ts';
import { SESSION_COOKIE } from './cookie-prefix.ts';
import { presentedToken, type SessionForm } from './presented-token.ts';

/** A request that better-auth has answered. */
interface Answered {
  readonly headers: Headers;
  /** Whose session it came in. */
  readonly identity: Identity;
  readonly address: string | null;
  readonly answer: Response;
}

/**
 * Ends the session of a browser that gets another one with an answer, or has to show a second factor for it: its cookie is gone, so
 * nobody there could end it any more, and it would stay open until its time is over.
 */
export async function endFormerSession(database: Database, form: SessionForm, answered: Answered): Promise<void> {
  const { headers, identity, address, answer } = answered;
  const presented = presentedToken(headers, form);
  if (presented?.by !== 'cookie' || identity.kind !== 'browser' || !givesAnother(answer, presented.token)) return;
  const { userId, sessionId } = identity;
  await endOwnSessions(database, { ...SYSTEM, address }, { userId, which: { only: sessionId } });
}

/** Whether an answer puts anything else in the place of the cookie of this token. */
function givesAnother({ headers }: Response, token: string): boolean {
  return headers
    .getSetCookie()
    .flatMap((line) => [...parseCookies(line.split(';', 1)[0] ?? '')])
    .some(([name, value]) => name.endsWith(SESSION_COOKIE) && !decodeURIComponent(value).startsWith(`${token}.`));
}
