import { acceptsOneOf } from './accepts-type.ts';
import { preflightHeaders } from './cross-origin.ts';
import { languageOf, problemResponse } from './problems.ts';
import type { KnownPath } from './route-table.ts';

/** No coding of a request's body but none: what is decompressed has no length that could be limited before. */
const PLAIN = 'identity';

/** Clients of 0.3 and before ask for every answer as JSON, for files too: a page that is still open is answered as before. */
const ASKED_BEFORE = 'application/json';

/**
 * What HTTP itself says to a request before anybody looks at what it wants (RFC 9110): which methods there are, that it asks by another one,
 * that it takes no answer as it is given here, or sends what is not read here. Undefined where it goes on.
 */
export function answerAhead(request: Request, known: KnownPath | undefined): Response | undefined {
  const { headers, method } = request;
  const language = languageOf(headers);
  if ((headers.get('content-encoding') ?? PLAIN).toLowerCase() !== PLAIN) {
    const refused = problemResponse('unsupported-media-type', language);
    refused.headers.set('accept-encoding', PLAIN);
    return refused;
  }
  if (!known) return undefined;
  if (method === 'OPTIONS') return answerOptions(request, known);
  const types = known.get(method);
  if (!types) {
    const refused = problemResponse('method-not-allowed', language);
    refused.headers.set('allow', methodsOf(known).join(', '));
    return refused;
  }
  const isTaken = types.length === 0 || acceptsOneOf(headers.get('accept'), [...types, ASKED_BEFORE]);
  return isTaken ? undefined : problemResponse('not-acceptable', language);
}

/** The methods of a path, `OPTIONS` among them. */
function methodsOf(known: KnownPath): string[] {
  return [...known.keys(), 'OPTIONS'].toSorted();
}

function answerOptions({ headers }: Request, known: KnownPath): Response {
  const methods = methodsOf(known);
  const isPreflight = headers.has('origin') && headers.has('access-control-request-method');
  const asked = isPreflight ? preflightHeaders(methods) : {};
  return new Response(null, { status: 204, headers: { allow: methods.join(', '), ...asked } });
}
