import { type Database, findSingleFactorSessions, hasPasskeyAlone } from '@meldesync/db';
import { API_PREFIX } from '@meldesync/protocol';
import type { BetterAuthPlugin } from 'better-auth';
import { CodedError } from '../coded-error.ts';

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

/** Where a session begins with a password alone; better-auth itself ends it again where a code is to follow. */
const PASSWORD_PATH = '/sign-in/email';

/**
 * Where a second factor is required: refuses the password of who has set up a passkey for it, since nothing would ask for the passkey then.
 * Only who knew the password is told.
 */
export function secondFactorPlugin({ drizzle }: Database) {
  return {
    id: 'meldesync-second-factor',
    init: () => ({
      options: {
        databaseHooks: {
          session: {
            create: {
              before: async ({ userId }, ctx) => {
                if (ctx?.path === PASSWORD_PATH && (await hasPasskeyAlone(drizzle, userId)))
                  throw new CodedError('passkey-needed', 'a password alone is not enough');
              },
            },
          },
        },
      },
    }),
  } satisfies BetterAuthPlugin;
}
