import { z } from 'zod';

/**
 * `GET …/untold-records`: records that do not hold what their history says, or are gone without a word, because they were written
 * past the triggers of the database. A worker tells of them within a minute.
 */
export const untoldAnswer = z.object({
  count: z.int().nonnegative(),
  /** Their ids in ascending order, the first hundred of them. */
  records: z.array(z.int().positive()),
});
export type UntoldAnswer = z.infer<typeof untoldAnswer>;
