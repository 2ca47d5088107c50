import { type Database, findSingleFactorSessions } from '@meldesync/db';
import { API_PREFIX } from '@meldesync/protocol';

/** Which sessions may reach nothing but the set-up of a second factor. */
export interface SecondFactorPolicy {
  /** Those of the ids; none where a second factor is not required. */
  lacking(sessionIds: readonly string[]): Promise<ReadonlySet<string>>;
}

/** Of one's own account: who one is, one's password and sessions. Not what a browser may keep. */
const OPEN = /^\/me(\/(password|reauthenticate|active|sessions(\/[^/]+)?))?$/;

/** Whether a path of the API stays open to who has yet to set up a second factor. */
export function isOpenWithoutSecondFactor(path: string): boolean {
  return path.startsWith(API_PREFIX) && OPEN.test(path.slice(API_PREFIX.length));
}

const NONE: ReadonlySet<string> = new Set();

/** The policy of `SIGN_IN_SECOND_FACTOR`. */
export function secondFactorPolicy(database: Database, isRequired: boolean): SecondFactorPolicy {
  return {
    lacking: async (sessionIds) => (isRequired ? findSingleFactorSessions(database.drizzle, sessionIds) : NONE),
  };
}
