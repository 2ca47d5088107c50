import type { JSONValue } from 'k6';
import type * as http from 'k6/http';

/** What a response is made of. */
export interface ResponseParts {
  readonly method: string;
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody: string;
  readonly status: number;
  readonly statusText: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: { [name: string]: http.ResponseCookie[] };
  readonly body: string | ArrayBuffer | null;
  readonly error: string;
  readonly errorCode: number;
  readonly waitingMs: number;
  readonly receivingMs: number;
}

/** Follows a path such as `items.0.name`. */
function pick(value: JSONValue, selector: string): JSONValue {
  if (/[^\w.\-$]/.test(selector)) {
    throw new Error(`json("${selector}"): the runner knows names and indexes with dots between them, no more of GJSON`);
  }
  let found: JSONValue | undefined = value;
  for (const name of selector.split('.')) {
    found =
      typeof found === 'object' && found !== null ? (found as Record<string, JSONValue | undefined>)[name] : undefined;
  }
  return found as JSONValue;
}

function textOf(body: string | ArrayBuffer | null): string {
  return typeof body === 'string' ? body : body === null ? '' : Buffer.from(body).toString('utf8');
}

function notOffered(what: string): never {
  throw new Error(`${what} is not offered by the runner`);
}

/** A response as scripts see it. Nothing is measured of connecting and sending: connections are shared and kept. */
export function makeResponse(parts: ResponseParts): http.Response {
  let parsed: { readonly value: JSONValue } | undefined;
  return {
    url: parts.url,
    status: parts.status,
    status_text: parts.statusText,
    headers: { ...parts.headers },
    cookies: parts.cookies,
    body: parts.body,
    error: parts.error,
    error_code: parts.errorCode,
    proto: 'HTTP/1.1',
    remote_ip: '',
    remote_port: 0,
    request: {
      method: parts.method,
      url: parts.url,
      body: parts.requestBody,
      cookies: {},
      headers: Object.fromEntries(Object.entries(parts.requestHeaders).map(([name, value]) => [name, [value]])),
    },
    timings: {
      blocked: 0,
      connecting: 0,
      tls_handshaking: 0,
      sending: 0,
      waiting: parts.waitingMs,
      receiving: parts.receivingMs,
      duration: parts.waitingMs + parts.receivingMs,
    },
    ocsp: { produced_at: 0, this_update: 0, next_update: 0, revocation_reason: '', revoked_at: 0, status: 'unknown' },
    tls_cipher_suite: 'TLS_AES_128_GCM_SHA256',
    tls_version: '',
    json: (selector) => {
      parsed ??= { value: JSON.parse(textOf(parts.body)) as JSONValue };
      return selector === undefined ? parsed.value : pick(parsed.value, selector);
    },
    html: () => notOffered('html()'),
    clickLink: () => notOffered('clickLink()'),
    submitForm: () => notOffered('submitForm()'),
  };
}
