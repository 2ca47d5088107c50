import { PERSON_HEADER, SESSION_KIND_HEADER, SHARED_HEADER, TOKEN_HEADER } from '@meldesync/protocol';

/** What a page of another origin may send, and read of an answer, beside what every page may (Fetch, CORS). */
const MAY_SEND = [
  'accept',
  'authorization',
  'content-type',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'traceparent',
  PERSON_HEADER,
  SESSION_KIND_HEADER,
  SHARED_HEADER,
];
const MAY_READ = ['content-language', 'etag', 'link', 'location', 'retry-after', 'www-authenticate', TOKEN_HEADER];
const PREFLIGHT_COUNTS_S = '600';

/** Lets pages of the origins that are trusted, and of no other, read an answer of the API. */
export function shareAnswer(request: Request, answer: Response, origins: ReadonlySet<string>): Response {
  answer.headers.append('vary', 'origin');
  const origin = request.headers.get('origin');
  if (origin === null || !origins.has(origin)) return answer;
  answer.headers.set('access-control-allow-origin', origin);
  answer.headers.set('access-control-allow-credentials', 'true');
  answer.headers.set('access-control-expose-headers', MAY_READ.join(', '));
  return answer;
}

/** What a browser asks before it sends a request for a page of another origin; `shareAnswer` says whether that one may. */
export function preflightHeaders(methods: readonly string[]): Record<string, string> {
  return {
    'access-control-allow-methods': methods.join(', '),
    'access-control-allow-headers': MAY_SEND.join(', ').toLowerCase(),
    'access-control-max-age': PREFLIGHT_COUNTS_S,
  };
}
