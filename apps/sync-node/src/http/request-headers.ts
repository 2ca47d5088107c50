import type { HttpRequest } from 'uWebSockets.js';
import { dropImpossibleToken } from '../auth/drop-impossible-token.ts';
import { isWellFramed } from './message-framing.ts';

/**
 * Copies the headers of a request, which dies with its callback, without a bearer token that cannot be one. Undefined where the
 * request is not to be looked at any further: a header is not text that a header may hold, or it is not certain where the
 * request ends.
 */
export function readHeaders(request: HttpRequest): Headers | undefined {
  const headers = new Headers();
  let isReadable = true;
  request.forEach((name, value) => {
    // Caught here, for uWS is in the middle of its own loop. It takes any byte from 0x80 on, and reads it as UTF-8.
    try {
      headers.append(name, value);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      isReadable = false;
    }
  });
  if (!isReadable || !isWellFramed(headers)) return undefined;
  dropImpossibleToken(headers);
  return headers;
}
