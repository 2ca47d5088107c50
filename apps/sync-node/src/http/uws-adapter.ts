import type { HttpRequest, HttpResponse, TemplatedApp } from 'uWebSockets.js';
import type { ErrorCode } from '@meldesync/protocol';
import { type Body, type BodyLimit, HeldBytes, IncomingBody } from './request-body.ts';
import { readHeaders } from './request-headers.ts';

export interface HttpHandlerOptions {
  /** Answers a request; never rejects. */
  readonly handle: (request: Request) => Promise<Response>;
  /** Largest body; a larger one is read to its end and thrown away. Where it is a promise, that never rejects. */
  readonly bodyLimit: (path: string, headers: Headers) => BodyLimit | Promise<BodyLimit>;
  /** How much of bodies is held at the same time; what is more is answered by `unavailable`. */
  readonly maxHeldBytes: number;
  /** Answers what the rest of the program is not given: its body was refused, or it is HTTP but no request. */
  readonly refuse: (code: ErrorCode, headers: Headers) => Response;
  readonly onAnswered: (status: number) => void;
  readonly onError: (error: unknown) => void;
}

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
  const held = new HeldBytes(options.maxHeldBytes);
  app.any('/*', (response, request) => {
    const exchange: Exchange = { response, aborted: false };
    let incoming: IncomingBody | undefined;
    response.onAborted(() => {
      exchange.aborted = true;
      incoming?.abort();
    });
    // The request dies with this callback: everything is copied before the first await.
    const head = readHead(request, Buffer.from(response.getRemoteAddressAsText()).toString());
    const respond = (body: Body | undefined) => {
      if (body && 'refused' in body) return options.refuse(body.refused, head.headers);
      const built = build(head, body);
      return built ? options.handle(built) : options.refuse('bad-request', head.headers);
    };
    if (head.method === 'GET' || head.method === 'HEAD') {
      serve(exchange, head, () => respond(undefined));
      return;
    }
    incoming = new IncomingBody(response, options.bodyLimit(head.path, head.headers), held, (body) =>
      serve(exchange, head, async () => {
        try {
          return await respond(body);
        } finally {
          incoming?.release();
        }
      }),
    );
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
function build({ method, path, query, headers }: Head, body: Uint8Array<ArrayBuffer> | undefined): Request | undefined {
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
