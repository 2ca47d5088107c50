import { type ErrorCode, toProblem } from '@meldesync/protocol';
import { CodedError, type ProblemExtra } from '../coded-error.ts';

/** An answer that is no success, on its way to the client as problem details. */
export class ApiError extends CodedError {
  constructor(code: ErrorCode, extra: ProblemExtra = {}) {
    super(code, code, extra);
  }
}

/** When to try again what passes by itself (RFC 9110 §10.2.3). */
const RETRY_AFTER_SECONDS = 5;
const PASSING: ReadonlySet<ErrorCode> = new Set(['unavailable', 'too-many-imports']);

/** Problem details (RFC 9457) as an answer. */
export function problemResponse(code: ErrorCode, language: 'de' | 'en', extra: ProblemExtra = {}): Response {
  const problem = toProblem(code, language, extra);
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      'content-language': language,
      'cache-control': 'no-store',
      ...(PASSING.has(code) ? { 'retry-after': `${RETRY_AFTER_SECONDS}` } : {}),
    },
  });
}

/** How many of the languages that a request names are looked at; a browser names a handful. */
const MAX_LANGUAGES = 32;

/** German unless the request prefers English (RFC 9110 §12.5.4). */
export function languageOf(headers: Headers): 'de' | 'en' {
  const ranges = (headers.get('accept-language') ?? '').split(',', MAX_LANGUAGES).map((range) => {
    const [tag = '', quality] = range.trim().split(';q=');
    return { tag: tag.toLowerCase(), quality: quality === undefined ? 1 : Number(quality) };
  });
  const best = (language: string) =>
    Math.max(
      0,
      ...ranges.filter(({ tag }) => tag === language || tag.startsWith(`${language}-`)).map((r) => r.quality),
    );
  return best('en') > best('de') ? 'en' : 'de';
}
