import type { FoundSession } from '@meldesync/db';
import { createBatcher } from '../batcher.ts';
import type { Identity } from '../core/identity.ts';
import { databaseTrouble } from '../database-trouble.ts';
import { presentedToken, type SessionForm } from './presented-token.ts';
import { hashToken } from './session-tokens.ts';

interface IdentifyInput extends SessionForm {
  /** The sessions with these hashes of tokens, in their order. */
  readonly findSessions: (hashes: readonly string[]) => Promise<readonly (FoundSession | undefined)[]>;
}

/** Whose session headers speak for, by cookie or bearer token; undefined when nobody is signed in. Rejects when Postgres cannot be asked. */
export type Identify = (headers: Headers) => Promise<Identity | undefined>;

/** Looks up who sends headers, in a query of its own: a request waits for nobody else's. */
export function createIdentify({ findSessions, ...form }: IdentifyInput): Identify {
  return identifyBy(form, async (hash) => (await findSessions([hash]))[0]);
}

/** The same for many at once, in few queries: everybody comes back together when a node is gone. */
export function createIdentifyMany({ findSessions, ...form }: IdentifyInput): Identify {
  const sessions = createBatcher({ query: findSessions, isTrouble: (error) => databaseTrouble(error) !== undefined });
  return identifyBy(form, (hash) => sessions.ask(hash));
}

function identifyBy(form: SessionForm, find: (hash: string) => Promise<FoundSession | undefined>): Identify {
  return async (headers) => {
    const presented = presentedToken(headers, form);
    return presented && find(hashToken(presented.token));
  };
}
