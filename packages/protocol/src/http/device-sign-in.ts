import { z } from 'zod';
import { moment } from './moment.ts';

/** Who a terminal says it is when it asks to be signed in (`client_id` of RFC 8628). */
export const DEVICE_CLIENT = 'meldesync';

/** The code that a terminal shows, as a person typed it: blanks, dashes and capitals do not matter. */
export const deviceCodeInput = z.object({ code: z.string().min(1).max(40) });

/** The terminal that asks, for whoever is to decide: what it says it is, and from which address it asked. */
export const askingTerminal = z.object({
  userAgent: z.string().nullable(),
  address: z.string().nullable(),
  expiresAt: moment,
});
export type AskingTerminal = z.infer<typeof askingTerminal>;
