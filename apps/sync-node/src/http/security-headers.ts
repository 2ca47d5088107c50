/** What no page of this service needs, a browser is not to do. */
const HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
};

/** For a year no browser comes by plain http any more (RFC 6797). Other hosts below this one are not ours to speak for. */
const HTTPS_ALONE = 'max-age=31536000';

/** From where people come. */
export interface SecurityHeaderOptions {
  /** By https alone. */
  readonly isSecure: boolean;
  /** Origins from which pages may call. */
  readonly origins: ReadonlySet<string>;
}

/**
 * What adds to an answer the headers that keep a browser from doing what no page of this service needs, and, unless it says itself how
 * long it may be kept, that nobody is to keep it.
 */
export function securityHeaders({ isSecure, origins }: SecurityHeaderOptions): (response: Response) => Response {
  const added = Object.entries({
    ...HEADERS,
    'content-security-policy': policyOf(origins),
    ...(isSecure ? { 'strict-transport-security': HTTPS_ALONE } : {}),
  });
  return (response) => {
    for (const [name, value] of added) response.headers.set(name, value);
    if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'no-store');
    return response;
  };
}

/**
 * Content Security Policy, level 3. Addresses of WebSockets are named one by one for browsers to which `'self'` is none of them. Neither
 * scripts nor style sheets may stand in a page.
 */
function policyOf(origins: ReadonlySet<string>): string {
  const sockets = [...origins].map((origin) => origin.replace(/^http/, 'ws'));
  const directives = [
    "default-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src ${["'self'", ...sockets].join(' ')}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ];
  return directives.join('; ');
}
