import type { HttpRequest, HttpResponse, TemplatedApp } from 'uWebSockets.js';
import { readHeaders } from './request-headers.ts';

export interface HttpHandlerOptions {
  /** Answers a request; never rejects. */
  readonly handle: (request: Request) => Promise<Response>;
  /** Largest body, by path; a larger one is read to its end, thrown away and answered by `tooLarge`. */
  readonly maxBodyBytes: (path: string) => number;
  readonly tooLarge: (request: Request) => Response;
  readonly onAnswered: (status: number) => void;
  readonly onError: (error: unknown) => void;
}

/** A body that is too large is still read up to here, so that the client hears the answer instead of a broken pipe. */
const MAX_DISCARDED_BYTES = 512 * 1024 * 1024;

interface Exchange {
  readonly response: HttpResponse;
  aborted: boolean;
}

/** Serves a fetch-style handler (Request to Response) on uWebSockets.js, under every path no other route took. */
export function serveHttp(app: TemplatedApp, options: HttpHandlerOptions): void {
  app.any('/*', (response, request) => {
    const exchange: Exchange = { response, aborted: false };
    response.onAborted(() => {
      exchange.aborted = true;
    });
    // The request dies with this callback: everything is copied before the first await.
    const head = readHead(request, Buffer.from(response.getRemoteAddressAsText()).toString());
    if (head.method === 'GET' || head.method === 'HEAD') {
      void answer(exchange, head.build(undefined), options.handle, options);
      return;
    }
    readBody(exchange, options.maxBodyBytes(head.path), (body) => {
      if (body === 'too-large') void answer(exchange, head.build(undefined), async (r) => options.tooLarge(r), options);
      else void answer(exchange, head.build(body), options.handle, options);
    });
  });
}

function readHead(request: HttpRequest, remoteAddress: string) {
  const method = request.getCaseSensitiveMethod().toUpperCase();
  const path = request.getUrl();
  const query = request.getQuery();
  const headers = readHeaders(request);
  headers.set('x-real-ip', remoteAddress);
  const host = headers.get('host') ?? 'localhost';
  return {
    method,
    path,
    build: (body: Uint8Array<ArrayBuffer> | undefined) =>
      new Request(new URL(`${path}${query ? `?${query}` : ''}`, `http://${host}`), {
        method,
        headers,
        ...(body && body.byteLength > 0 ? { body } : {}),
      }),
  };
}

function readBody(
  { response }: Exchange,
  maxBytes: number,
  done: (body: Uint8Array<ArrayBuffer> | 'too-large') => void,
): void {
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
  request: Request,
  handle: (request: Request) => Promise<Response>,
  options: HttpHandlerOptions,
): Promise<void> {
  try {
    const result = await handle(request);
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
      if (request.method === 'HEAD') response.endWithoutBody(body.byteLength);
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
