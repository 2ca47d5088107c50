import { z } from 'zod';
import { receivedErrorCode } from '../errors/catalogue.ts';

/** A message was refused; the connection lives on. `operation` names the edit it answers, if it was one. */
export const errorMessage = z.object({
  type: z.literal('error'),
  code: receivedErrorCode,
  operation: z.string().optional(),
  /** The `lock` or `unlock` it answers, if it was one. */
  request: z.string().optional(),
});
export type ErrorMessage = z.infer<typeof errorMessage>;
