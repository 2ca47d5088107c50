import { listenAs } from '@meldesync/lifecycle';
import type { Logger } from '@meldesync/telemetry';
import { stopServing } from '../core/stop.ts';
import { languageOf, problemResponse } from '../http/problems.ts';
import { securityHeaders } from '../http/security-headers.ts';
import { type HttpHandlerOptions, serveHttp } from '../http/uws-adapter.ts';
import type { NodeRuntime } from '../runtime.ts';
import type { SocketApp } from './socket-app.ts';
import { type SyncSocketOptions, serveSyncSocket } from './sync-socket.ts';

export interface ServerOptions extends Omit<SyncSocketOptions, 'refuse'> {
  readonly socketApp: SocketApp;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Answers everything that is not a WebSocket. */
  readonly handle: (request: Request) => Promise<Response>;
  readonly bodyLimit: HttpHandlerOptions['bodyLimit'];
  readonly heldLimits: HttpHandlerOptions['heldLimits'];
  /** People come by https alone. */
  readonly isSecure: boolean;
  readonly onAnswered: HttpHandlerOptions['onAnswered'];
  readonly runtime: NodeRuntime;
  readonly logger: Logger;
}

/** The listening server. */
export interface Server extends AsyncDisposable {
  readonly port: number;
}

/** Listens for HTTP and WebSocket on one port. Throws `CannotListen` where it cannot be had. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { socketApp, reception, runtime, logger } = options;
  const secured = securityHeaders(options);
  const http = serveHttp(socketApp.app, {
    handle: options.handle,
    bodyLimit: options.bodyLimit,
    heldLimits: options.heldLimits,
    refuse: (code, headers) => secured(problemResponse(code, languageOf(headers))),
    onAnswered: options.onAnswered,
    clientAddress: options.clientAddress,
    onError: (error) => logger.event('request-unanswered', { err: error }),
    runtime,
  });
  serveSyncSocket(socketApp.app, { ...options, refuse: http.refuse });
  const { port, shut } = await listenAs({ host: 'HOST', port: 'PORT' }, () =>
    socketApp.listen(options.host, options.port),
  );
  const door = { shut, answered: (timeoutMs: number) => http.idle(timeoutMs), cut: () => socketApp.close() };
  return { port, [Symbol.asyncDispose]: () => stopServing(door, reception, runtime) };
}
