import { z } from 'zod';

/** People or workspaces were administered: a screen that shows them looks again. Says no more, for everybody hears it (P53). */
export const administration = z.object({ type: z.literal('administration') });
export type Administration = z.infer<typeof administration>;
