import type { HttpRequest, HttpResponse } from 'uWebSockets.js';
import { ADDRESS_HEADER } from '../auth/address-of.ts';
import { dropImpossibleToken } from '../auth/drop-impossible-token.ts';
import type { ClientAddress } from './client-address.ts';
import { isWellFramed } from './message-framing.ts';

/**
 * How many characters address and headers may have in all. uWS itself takes half a megabyte that comes at once, and to take
 * that apart would keep everybody waiting.
 */
const MAX_HEAD_CHARACTERS = 16 * 1024;

/**
 * Copies the headers of a request, which dies with its callback, without a bearer token that cannot be one, and says in `ADDRESS_HEADER` whose it
 * is, whatever the client says there. Undefined where the request is not to be looked at any further: its head is too long, a header is not text that a header may hold, or it is not
 * certain where the request ends.
 */
export function readHeaders(
  request: HttpRequest,
  response: Pick<HttpResponse, 'getRemoteAddressAsText'>,
  clientAddress: ClientAddress,
): Headers | undefined {
  const headers = new Headers();
  // Whatever its types say, uWS has no query for an address without one.
  const query: string | undefined = request.getQuery();
  let left = MAX_HEAD_CHARACTERS - request.getUrl().length - (query?.length ?? 0);
  let isReadable = left >= 0;
  request.forEach((name, value) => {
    left -= name.length + value.length;
    isReadable &&= left >= 0;
    if (!isReadable) return;
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
  const peer = Buffer.from(response.getRemoteAddressAsText()).toString();
  headers.set(ADDRESS_HEADER, clientAddress(peer, headers.get('x-forwarded-for')));
  return headers;
}
