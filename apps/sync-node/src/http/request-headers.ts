import type { HttpRequest } from 'uWebSockets.js';

/**
 * Copies the headers of a request, which dies with its callback. Undefined where one is not text that a header may hold: uWS
 * takes any byte from 0x80 on and reads it as UTF-8.
 */
export function readHeaders(request: HttpRequest): Headers | undefined {
  const headers = new Headers();
  let isReadable = true;
  request.forEach((name, value) => {
    // Caught here, for uWS is in the middle of its own loop.
    try {
      headers.append(name, value);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      isReadable = false;
    }
  });
  return isReadable ? headers : undefined;
}
