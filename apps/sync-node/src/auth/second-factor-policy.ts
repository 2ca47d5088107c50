import { type Database, findSingleFactorSessions } from '@meldesync/db';
import { API_PREFIX } from '@meldesync/protocol';

/** Which sessions may reach nothing but the set-up of a second factor. */
export interface SecondFactorPolicy {
  /** Those of the ids; none where a second factor is not required. */
  lacking(sessionIds: readonly string[]): Promise<ReadonlySet<string>>;
}

const OWN_ACCOUNT = `${API_PREFIX}/me`;

/** Whether a path of the API is about one's own account, which stays open: who one is, one's sessions and one's password. */
export function isOwnAccount(path: string): boolean {
  return path === OWN_ACCOUNT || path.startsWith(`${OWN_ACCOUNT}/`);
}

const NONE: ReadonlySet<string> = new Set();

/** The policy of `SIGN_IN_SECOND_FACTOR`. */
export function secondFactorPolicy(database: Database, isRequired: boolean): SecondFactorPolicy {
  return {
    lacking: async (sessionIds) => (isRequired ? findSingleFactorSessions(database.drizzle, sessionIds) : NONE),
  };
}
