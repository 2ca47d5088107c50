import type { FoundSession } from '@meldesync/db';
import { createBatcher } from '../batcher.ts';
import type { Identity } from '../core/identity.ts';
import { databaseTrouble } from '../database-trouble.ts';
import { presentedToken } from './presented-token.ts';
import { hashToken, type SessionKeys } from './session-tokens.ts';

interface IdentifyInput {
  readonly keys: SessionKeys;
  /** The sessions with these hashes of tokens, in their order. */
  readonly findSessions: (hashes: readonly string[]) => Promise<readonly (FoundSession | undefined)[]>;
}

/** Whose session headers speak for, by cookie or bearer token; undefined when nobody is signed in. Rejects when Postgres cannot be asked. */
export type Identify = (headers: Headers) => Promise<Identity | undefined>;

/**
 * Looks up who sends headers, for many at once: everybody comes back together when a node is gone, and better-auth takes
 * over a millisecond of the processor for each.
 */
export function createIdentify({ keys, findSessions }: IdentifyInput): Identify {
  const sessions = createBatcher({ query: findSessions, isTrouble: (error) => databaseTrouble(error) !== undefined });
  return async (headers) => {
    const presented = presentedToken(headers, keys);
    return presented && sessions.ask(hashToken(presented.token));
  };
}
