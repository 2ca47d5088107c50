const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self' ws: wss:; " +
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
};

/** For a year no browser comes by plain http any more (RFC 6797). Other hosts below this one are not ours to speak for. */
const HTTPS_ALONE = 'max-age=31536000';

/**
 * Adds the headers that keep a browser from doing what no page of this service needs.
 * @param isSecure people come by https alone
 */
export function withSecurityHeaders(response: Response, { isSecure }: { readonly isSecure: boolean }): Response {
  for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value);
  if (isSecure) response.headers.set('strict-transport-security', HTTPS_ALONE);
  return response;
}
