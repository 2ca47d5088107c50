import { ActRefusedError } from '@meldesync/db';
import { type ErrorCode, toProblem } from '@meldesync/protocol';
import type { z } from 'zod';
import { CodedError, type ProblemExtra } from '../coded-error.ts';
import { RateLimitedError } from '../limits/rate-limited.ts';

/** An answer that is no success, on its way to the client as problem details. */
export class ApiError extends CodedError {
  constructor(code: ErrorCode, extra: ProblemExtra = {}) {
    super(code, code, extra);
  }
}

/** When to try again what passes by itself (RFC 9110 §10.2.3). */
const RETRY_AFTER_MS = 5_000;
const PASSING: ReadonlySet<number> = new Set([429, 503]);
/** How one signs in over HTTP (RFC 9110 §11.6.1, RFC 6750 §3); a browser asks nobody for a password over it. */
const CHALLENGE = 'Bearer realm="MeldeSync"';

/** Problem details (RFC 9457) as an answer. */
export function problemResponse(
  code: ErrorCode,
  language: 'de' | 'en',
  extra: ProblemExtra = {},
  retryAfterMs: number = RETRY_AFTER_MS,
): Response {
  const problem = toProblem(code, language, extra);
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      'content-language': language,
      'cache-control': 'no-store',
      ...(PASSING.has(problem.status) ? { 'retry-after': `${Math.max(1, Math.ceil(retryAfterMs / 1_000))}` } : {}),
      ...(problem.status === 401 ? { 'www-authenticate': CHALLENGE } : {}),
    },
  });
}

/** When what failed may be tried again; undefined where it does not say so. */
export function retryAfterOf(error: unknown): number | undefined {
  return error instanceof RateLimitedError ? error.retryAfterMs : undefined;
}

/** Whether something failed with this code. */
export function isCoded(error: unknown, code: ErrorCode): boolean {
  return (error instanceof CodedError || error instanceof ActRefusedError) && error.code === code;
}

/** How much of what is wrong with a request is said: a request may be wrong in any number of places, and name them as it likes. */
const MAX_FINDINGS = 10;
const MAX_FINDING_CHARACTERS = 200;

/** Where a request is not what it must be, as problem details say it. */
export function findingsOf(issues: readonly Pick<z.core.$ZodIssue, 'path' | 'message'>[]): ProblemExtra['errors'] {
  return issues.slice(0, MAX_FINDINGS).map(({ path, message }) => ({
    path: shorten(path.join('.')),
    message: shorten(message),
  }));
}

function shorten(text: string): string {
  return text.length > MAX_FINDING_CHARACTERS ? `${text.slice(0, MAX_FINDING_CHARACTERS)}…` : text;
}

/** How many of the languages that a request names are looked at; a browser names a handful. */
const MAX_LANGUAGES = 32;

/** German unless the request prefers English (RFC 9110 §12.5.4). */
export function languageOf(headers: Headers): 'de' | 'en' {
  const ranges = (headers.get('accept-language') ?? '').split(',', MAX_LANGUAGES).map((range) => {
    const [tag = '', quality] = range.trim().split(/\s*;\s*q=/i);
    return { tag: tag.toLowerCase(), quality: quality === undefined ? 1 : Number(quality) };
  });
  const best = (language: string) =>
    Math.max(
      0,
      ...ranges.filter(({ tag }) => tag === language || tag.startsWith(`${language}-`)).map((r) => r.quality),
    );
  return best('en') > best('de') ? 'en' : 'de';
}
