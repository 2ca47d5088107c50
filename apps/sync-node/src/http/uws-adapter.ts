import type { HttpRequest, HttpResponse, TemplatedApp } from 'uWebSockets.js';
import { withTimeout } from '@meldesync/lifecycle';
import type { ErrorCode } from '@meldesync/protocol';
import { HeldBytes, type HeldLimits } from '../budgets/held-bytes.ts';
import type { NodeRuntime } from '../runtime.ts';
import type { ClientAddress } from './client-address.ts';
import { closing, guarded } from './guard.ts';
import { declaredLength } from './message-framing.ts';
import { type Body, type BodyLimit, IncomingBody } from './request-body.ts';
import { readHeaders } from './request-headers.ts';
import { streamOf, writeStreamed } from './streamed-body.ts';
import { isUtf8Body, isWholeAddress } from './utf8.ts';
import { readBody } from './whole-body.ts';
import { writeEarlyResponse, writeResponse } from './write-response.ts';

/** A request as it was answered. */
export interface AnsweredRequest {
  /** In capitals; empty where the head could not be read. */
  readonly method: string;
  /** As it was sent: it may name what nobody is to read in a metric. */
  readonly path: string;
  readonly status: number;
  /** From its head until its answer was given to the transport. */
  readonly durationMs: number;
}

export interface HttpHandlerOptions {
  /** Answers a request, as `readBody` reads it; never rejects. */
  readonly handle: (request: Request) => Promise<Response>;
  /** Largest body; a larger one is refused as soon as that is known. Where it is a promise, that never rejects. */
  readonly bodyLimit: (path: string, headers: Headers) => BodyLimit | Promise<BodyLimit>;
  /** How much of bodies is held at the same time; what is more is answered by `unavailable`, or of one by `rate-limited`. */
  readonly heldLimits: HeldLimits;
  /** Answers what the rest of the program is not given: its body was refused, or it is HTTP but no request. */
  readonly refuse: (code: ErrorCode, headers: Headers) => Response;
  readonly onAnswered: (request: AnsweredRequest) => void;
  readonly onError: (error: unknown) => void;
  readonly clientAddress: ClientAddress;
  readonly runtime: Pick<NodeRuntime, 'after' | 'soon' | 'monotonicMs'>;
}

/** A request and the answer on its way to it. */
interface Exchange {
  readonly response: HttpResponse;
  readonly method: string;
  readonly path: string;
  /** By the runtime's monotonic clock. */
  readonly begunAt: number;
  /** Answered or aborted: uWS allows no more use of the response. */
  isOver: boolean;
  /** Of an answer that is written as it comes: aborted where its connection is gone before. */
  gone?: AbortController;
  incoming?: IncomingBody;
}

/** The requests being answered. */
export interface HttpServing {
  /** Answers 400 to a request whose callback is running and whose head cannot be relied on, and ends its connection. */
  refuse(response: HttpResponse): void;
  /** Resolves when there are none, or when the time is over. */
  idle(timeoutMs: number): Promise<void>;
}

/** Serves a fetch-style handler (Request to Response) on uWebSockets.js, under every path no other route took. */
export function serveHttp(app: TemplatedApp, options: HttpHandlerOptions): HttpServing {
  const answering = new Set<Promise<void>>();
  const serve = (exchange: Exchange, respond: () => Promise<Response> | Response, isLast = false) => {
    const answered = answer(exchange, respond, isLast, options);
    answering.add(answered);
    void answered.then(() => answering.delete(answered));
  };
  const held = new HeldBytes(options.heldLimits);
  const failed = closing(options.onError);

  const refuse = (response: HttpResponse) => {
    const exchange = begin(response, { method: '', path: '' }, options);
    // Not before uWS is done with these bytes: while a request is open it closes the connection over anything that follows,
    // so that nothing hidden behind an uncertain end is ever taken for a request.
    setImmediate(() => serve(exchange, () => options.refuse('bad-request', new Headers()), true));
  };

  const take = (response: HttpResponse, request: HttpRequest) => {
    // The request dies with this callback: everything is copied before the first await.
    const head = readHead(request, response, options.clientAddress);
    if (!head) {
      refuse(response);
      return;
    }
    const exchange = begin(response, head, options);
    const respond = (body: Body | undefined) => {
      if (body && 'refused' in body) return options.refuse(body.refused, head.headers);
      const built = isReadable(head, body) && build(head, body);
      return built ? options.handle(built) : options.refuse('bad-request', head.headers);
    };
    if (head.method === 'GET' || head.method === 'HEAD') {
      serve(exchange, () => respond(undefined));
      return;
    }
    const incoming = new IncomingBody(response, {
      limit: options.bodyLimit(head.path, head.headers),
      declaredBytes: declaredLength(head.headers),
      held,
      onError: options.onError,
      runtime: options.runtime,
      done: (body) =>
        serve(exchange, async () => {
          try {
            return await respond(body);
          } finally {
            incoming.release();
          }
        }),
    });
    exchange.incoming = incoming;
    incoming.read();
  };

  app.any('/*', guarded(take, failed));
  return {
    refuse,
    idle: async (timeoutMs) => {
      await withTimeout(Promise.all(answering), timeoutMs, () => undefined);
    },
  };
}

function begin(
  response: HttpResponse,
  { method, path }: Pick<Head, 'method' | 'path'>,
  { onError, runtime }: HttpHandlerOptions,
): Exchange {
  const exchange: Exchange = { response, method, path, begunAt: runtime.monotonicMs(), isOver: false };
  const aborted = () => {
    exchange.isOver = true;
    exchange.gone?.abort();
    exchange.incoming?.abort();
  };
  response.onAborted(guarded(aborted, onError));
  return exchange;
}

interface Head {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Headers;
}

/** Undefined where the request is to be refused. */
function readHead(request: HttpRequest, response: HttpResponse, clientAddress: ClientAddress): Head | undefined {
  const headers = readHeaders(request, response, clientAddress);
  if (!headers) return undefined;
  return {
    method: request.getCaseSensitiveMethod().toUpperCase(),
    path: request.getUrl(),
    query: request.getQuery(),
    headers,
  };
}

/** Whether address and body are text, where they are to be. */
function isReadable({ path, headers }: Head, body: Uint8Array | undefined): boolean {
  return isWholeAddress(path) && (!body || isUtf8Body(body, headers.get('content-type')));
}

/** Methods that `fetch` knows and does not let through. */
const UNSPEAKABLE = new Set(['CONNECT', 'TRACE', 'TRACK']);
/** In place of those, for they are refused by the same words as any that there is not. */
const UNKNOWN_METHOD = 'UNKNOWN';

/** Undefined for what `fetch` does not know: methods that are no token. */
function build({ method, path, query, headers }: Head, body: Uint8Array<ArrayBuffer> | undefined): Request | undefined {
  try {
    // Whatever host the client names: routes look at the path alone.
    return new Request(`http://localhost${path}${query ? `?${query}` : ''}`, {
      method: UNSPEAKABLE.has(method) ? UNKNOWN_METHOD : method,
      headers,
      ...(body && body.byteLength > 0 ? { body } : {}),
    });
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Never rejects. */
async function answer(
  exchange: Exchange,
  respond: () => Promise<Response> | Response,
  isLast: boolean,
  options: HttpHandlerOptions,
): Promise<void> {
  const failed = closing(options.onError);
  try {
    const result = await respond();
    const stream = streamOf(result);
    const { response, method, path, begunAt, incoming } = exchange;
    if (stream) {
      exchange.gone = new AbortController();
      const target = { response, gone: exchange.gone.signal };
      if (exchange.isOver) await stream.cancel();
      else await writeStreamed(target, { answer: result, body: stream }, options.onError);
      exchange.isOver = true;
      options.onAnswered({ method, path, status: result.status, durationMs: options.runtime.monotonicMs() - begunAt });
      return;
    }
    const body = await readBody(result);
    options.onAnswered({ method, path, status: result.status, durationMs: options.runtime.monotonicMs() - begunAt });
    if (exchange.isOver) return;
    const isHead = method === 'HEAD';
    exchange.isOver = true;
    const isEarly = incoming !== undefined && !incoming.isComplete;
    const write = () => {
      if (isEarly) writeEarlyResponse(response, { response: result, body });
      else
        writeResponse(response, { response: result, body, isHead, isLast, failed: (error) => failed(error, response) });
    };
    response.cork(guarded(write, (error) => failed(error, response)));
    if (isEarly) incoming.endAfterAnswer();
  } catch (error) {
    if (exchange.isOver) options.onError(error);
    else failed(error, exchange.response);
  }
}
