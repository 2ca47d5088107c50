import type { Database } from '../../connect.ts';
import { type Author, type NewEvent, recordEvent } from '../administration/act.ts';
import { claimSubjects } from './claim-subjects.ts';

/** An act was carried out, and nobody can say whether it is on record. */
export class ActUnrecordedError extends Error {
  constructor(options: ErrorOptions) {
    super('an act was carried out and could not be put on record', options);
    this.name = 'ActUnrecordedError';
  }
}

/**
 * Carries out an act that Postgres does not hold, such as one in Redis: what cannot be put on record does not happen, and what does not
 * happen leaves no record. Where Postgres goes away in the one moment between the two, it throws an `ActUnrecordedError`.
 */
export async function recordWith<T>(
  database: Database,
  { author, event }: { readonly author: Author; readonly event: NewEvent },
  act: () => Promise<T>,
): Promise<T> {
  let isDone = false;
  try {
    return await database.drizzle.transaction(async (tx) => {
      // Of what others note of the same meanwhile, `unless` it is on record, nothing is written beside it.
      if (event.subject !== undefined) await claimSubjects(tx, [event.subject]);
      await recordEvent(tx, author, event);
      const result = await act();
      isDone = true;
      return result;
    });
  } catch (error) {
    if (isDone) throw new ActUnrecordedError({ cause: error });
    throw error;
  }
}
