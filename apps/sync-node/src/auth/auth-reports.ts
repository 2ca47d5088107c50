import { AsyncLocalStorage } from 'node:async_hooks';
import type { Logger } from '@meldesync/telemetry';
import type { BetterAuthOptions } from 'better-auth';
import { databaseTrouble } from '../database-trouble.ts';

/** What Better Auth reports, and what of it an answer must not pass over. */
export interface AuthReports {
  readonly logger: NonNullable<BetterAuthOptions['logger']>;
  /**
   * Runs `answer` and listens to what is reported meanwhile. Better Auth keeps some errors of the database to itself: it answers
   * them without a reason, or as if nothing were wrong (a sign-out that ended no session). The first of them is thrown in place
   * of the answer.
   */
  listen<T>(answer: () => Promise<T>): Promise<T>;
}

/**
 * Makes what Better Auth reports to. Passed on is only that it did, and how bad it is: its messages and their arguments are
 * statements with their parameters, session tokens and e-mail addresses among them. Trouble of the database is told where it is
 * answered.
 */
export function createAuthReports(logger: Logger): AuthReports {
  const troubles = new AsyncLocalStorage<unknown[]>();
  return {
    logger: {
      log: (level, ...words: unknown[]) => {
        const trouble = words.find((word) => databaseTrouble(word) !== undefined);
        if (trouble === undefined) {
          logger.event('auth-reported', {}, level);
        } else {
          troubles.getStore()?.push(trouble);
          logger.debug({ err: trouble }, 'Better Auth reported trouble of the database');
        }
      },
    },
    listen: (answer) => {
      const heard: unknown[] = [];
      return troubles.run(heard, async () => {
        const answered = await answer().catch((error: unknown) => {
          // What was heard says more than an error without a cause.
          throw heard[0] ?? error;
        });
        if (heard.length > 0) throw heard[0];
        return answered;
      });
    },
  };
}
