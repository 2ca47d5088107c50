import { z } from 'zod';

/** Someone who is here. */
export const presentPerson = z.object({
  user: z.string(),
  /** What they are here with: `web`, `cli`, `api`, or a word that only a newer server knows (P44). */
  kinds: z.array(z.string()),
  /** Records they have open in any window. */
  records: z.array(z.int().positive()),
});
export type PresentPerson = z.infer<typeof presentPerson>;

/** At most this many people are named. */
export const MAX_PEOPLE_NAMED = 100;

/** Who is in the workspace: the whole state, each time it has changed, a second apart or more. */
export const presence = z.object({
  type: z.literal('presence'),
  /** In the order of their user ids; those who have a record open first to be named. */
  people: z.array(presentPerson),
  /** How many there are, named or not. */
  total: z.int().nonnegative(),
});
export type Presence = z.infer<typeof presence>;
