import type { HttpRequest } from 'uWebSockets.js';

/** Copies the headers of a request, which dies with its callback. */
export function readHeaders(request: HttpRequest): Headers {
  const headers = new Headers();
  request.forEach((name, value) => headers.append(name, value));
  return headers;
}
