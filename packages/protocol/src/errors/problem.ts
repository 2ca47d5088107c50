import { z } from 'zod';
import { editOutcome } from '../down/edited.ts';
import { recordLock } from '../lock.ts';
import { ERROR_CATALOGUE, type ErrorCode, errorCode } from './catalogue.ts';

/** Problem details of the HTTP API (RFC 9457), media type `application/problem+json`. */
export const problem = z.object({
  /** `urn:meldesync:error:<code>` */
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: errorCode,
  detail: z.string().optional(),
  /** Where in the request the reason lies, one entry a finding; the first ones, shortened. */
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  /** On 412 of an edit: what stands against it (R2.2). */
  conflict: editOutcome.optional(),
  /** On 423: who is editing (R1.4). */
  lock: recordLock.optional(),
});
export type Problem = z.infer<typeof problem>;

/** Builds problem details in a language. */
export function toProblem(
  code: ErrorCode,
  language: 'de' | 'en',
  extra: Omit<Problem, 'type' | 'title' | 'status' | 'code'> = {},
): Problem {
  const entry = ERROR_CATALOGUE[code];
  return { type: `urn:meldesync:error:${code}`, title: entry[language], status: entry.status, code, ...extra };
}
