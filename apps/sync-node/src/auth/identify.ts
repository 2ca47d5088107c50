import type { FoundSession } from '@meldesync/db';
import { createBatcher } from '../batcher.ts';
import type { Identity } from '../core/identity.ts';
import { databaseTrouble } from '../database-trouble.ts';
import { COOKIE_PREFIX, RENEW_AFTER_MS, SESSION_MS } from './auth.ts';
import { sessionTokenOf } from './session-token.ts';

interface IdentifyInput {
  readonly secret: string;
  /** The sessions of tokens, in their order. */
  readonly findSessions: (tokens: readonly string[]) => Promise<readonly (FoundSession | undefined)[]>;
  /** What better-auth says: for everything that is not plain. */
  readonly authenticate: (headers: Headers) => Promise<Identity | undefined>;
}

/**
 * Who opens a WebSocket, looked up for many at once: everybody comes back together when a node is gone, and better-auth takes
 * over a millisecond of the processor for each. It is asked all the same where a session is not found, has ended or is due
 * to be prolonged.
 */
export function createIdentify({ secret, findSessions, authenticate }: IdentifyInput) {
  const sessions = createBatcher({ query: findSessions, isTrouble: (error) => databaseTrouble(error) !== undefined });
  return async (headers: Headers): Promise<Identity | undefined> => {
    const token = sessionTokenOf(headers, { secret, cookiePrefix: COOKIE_PREFIX });
    const found = token === undefined ? undefined : await sessions.ask(token);
    const now = Date.now();
    const isPlain = found !== undefined && found.expiresAt > now && found.expiresAt - SESSION_MS + RENEW_AFTER_MS > now;
    return isPlain ? found : authenticate(headers);
  };
}
