import { z } from 'zod';
import { MAX_RECORDS_PER_LOCK } from '../lock.ts';

/** Says which records (those of one case) the person has open; none after closing it. Not answered. */
export const attend = z.object({
  type: z.literal('attend'),
  records: z.array(z.int().positive()).max(MAX_RECORDS_PER_LOCK),
});
export type Attend = z.infer<typeof attend>;
