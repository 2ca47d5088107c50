import type { HttpRequest, HttpResponse, TemplatedApp } from 'uWebSockets.js';
import { readHeaders } from './request-headers.ts';

export interface HttpHandlerOptions {
  /** Answers a request; never rejects. */
  readonly handle: (request: Request) => Promise<Response>;
  /** Largest body, by path; a larger one is read to its end, thrown away and answered by `tooLarge`. */
  readonly maxBodyBytes: (path: string) => number;
  readonly tooLarge: (headers: Headers) => Response;
  /** Answers what is HTTP, but no request that the rest of the program could be given. */
  readonly unreadable: (headers: Headers) => Response;
  readonly onAnswered: (status: number) => void;
  readonly onError: (error: unknown) => void;
}

/** A body that is too large is still read up to here, so that the client hears the answer instead of a broken pipe. */
const MAX_DISCARDED_BYTES = 512 * 1024 * 1024;

interface Exchange {
  readonly response: HttpResponse;
  aborted: boolean;
}

/** The requests being answered. */
export interface HttpServing {
  /** Resolves when there are none, or when the time is over. */
  idle(timeoutMs: number): Promise<void>;
}

/** Serves a fetch-style handler (Request to Response) on uWebSockets.js, under every path no other route took. */
export function serveHttp(app: TemplatedApp, options: HttpHandlerOptions): HttpServing {
  const answering = new Set<Promise<void>>();
  const serve = (exchange: Exchange, head: Head, respond: () => Promise<Response> | Response) => {
    const answered = answer(exchange, head, respond, options);
    answering.add(answered);
    void answered.then(() => answering.delete(answered));
  };
  app.any('/*', (response, request) => {
    const exchange: Exchange = { response, aborted: false };
    response.onAborted(() => {
      exchange.aborted = true;
    });
    // The request dies with this callback: everything is copied before the first await.
    const head = readHead(request, Buffer.from(response.getRemoteAddressAsText()).toString());
    const respond = (body: Body | 'too-large' | undefined) => {
      if (body === 'too-large') return options.tooLarge(head.headers);
      const built = build(head, body);
      return built ? options.handle(built) : options.unreadable(head.headers);
    };
    if (head.method === 'GET' || head.method === 'HEAD') serve(exchange, head, () => respond(undefined));
    else readBody(exchange, options.maxBodyBytes(head.path), (body) => serve(exchange, head, () => respond(body)));
  });
  return {
    idle: async (timeoutMs) => {
      let timer: NodeJS.Timeout | undefined;
      const timeout = new Promise((resolve) => {
        timer = setTimeout(resolve, timeoutMs);
      });
      await Promise.race([Promise.all(answering), timeout]);
      clearTimeout(timer);
    },
  };
}

type Body = Uint8Array<ArrayBuffer>;

interface Head {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Headers;
}

function readHead(request: HttpRequest, remoteAddress: string): Head {
  const headers = readHeaders(request);
  headers.set('x-real-ip', remoteAddress);
  return {
    method: request.getCaseSensitiveMethod().toUpperCase(),
    path: request.getUrl(),
    query: request.getQuery(),
    headers,
  };
}

/** Undefined for what `fetch` does not know: TRACE, CONNECT, methods that are no token. */
function build({ method, path, query, headers }: Head, body: Body | undefined): Request | undefined {
  try {
    // Whatever host the client names: routes look at the path alone.
    return new Request(`http://localhost${path}${query ? `?${query}` : ''}`, {
      method,
      headers,
      ...(body && body.byteLength > 0 ? { body } : {}),
    });
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function readBody({ response }: Exchange, maxBytes: number, done: (body: Body | 'too-large') => void): void {
  let chunks: Buffer[] = [];
  let received = 0;
  response.onData((chunk, isLast) => {
    received += chunk.byteLength;
    if (received > MAX_DISCARDED_BYTES) {
      response.close();
      return;
    }
    // The chunk dies with this callback: it is copied.
    if (received <= maxBytes) chunks.push(Buffer.from(new Uint8Array(chunk)));
    else chunks = [];
    if (isLast) done(received <= maxBytes ? new Uint8Array(Buffer.concat(chunks)) : 'too-large');
  });
}

async function answer(
  exchange: Exchange,
  { method }: Head,
  respond: () => Promise<Response> | Response,
  options: HttpHandlerOptions,
): Promise<void> {
  try {
    const result = await respond();
    const body = new Uint8Array(await result.arrayBuffer());
    options.onAnswered(result.status);
    if (exchange.aborted) return;
    const { response } = exchange;
    response.cork(() => {
      response.writeStatus(`${result.status} ${result.statusText || STATUS_TEXTS[result.status] || 'Status'}`);
      for (const [name, value] of result.headers) {
        if (name !== 'content-length' && name !== 'set-cookie') response.writeHeader(name, value);
      }
      for (const cookie of result.headers.getSetCookie()) response.writeHeader('set-cookie', cookie);
      if (method === 'HEAD') response.endWithoutBody(body.byteLength);
      else response.end(body);
    });
  } catch (error) {
    options.onError(error);
    if (!exchange.aborted) exchange.response.close();
  }
}

/** Reason phrases (RFC 9110 §15) of the statuses this service uses. */
const STATUS_TEXTS: Record<number, string> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  302: 'Found',
  304: 'Not Modified',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};
