import uws from 'uWebSockets.js';
import { languageOf, problemResponse } from '../http/problems.ts';
import { withSecurityHeaders } from '../http/security-headers.ts';
import { type HttpHandlerOptions, serveHttp } from '../http/uws-adapter.ts';
import { liveTopic, noticeTopic, type SyncSocketOptions, serveSyncSocket, tierTopic } from './sync-socket.ts';

// The package is CommonJS, whose names Node cannot import one by one.
const { App, us_listen_socket_close, us_socket_local_port } = uws;

export interface ServerOptions extends Omit<SyncSocketOptions, 'refuse'> {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Answers everything that is not a WebSocket. */
  readonly handle: (request: Request) => Promise<Response>;
  readonly bodyLimit: HttpHandlerOptions['bodyLimit'];
  readonly maxHeldBytes: number;
}

/** The listening server. */
export interface Server extends AsyncDisposable {
  readonly port: number;
  /** Gives frames to every socket of a workspace that takes them as they come. */
  publish(workspace: string, message: string): void;
  /** Gives frames to every socket of a workspace in a slower tier. */
  publishTier(workspace: string, tierMs: number, message: string): void;
  /** Gives a text to every socket that follows a workspace, in whichever tier. */
  notify(workspace: string, message: string): void;
  /** How many sockets take the frames of a workspace as they come, or in a slower tier. */
  liveCount(workspace: string): number;
  tierCount(workspace: string, tierMs: number): number;
}

/** How long clients get to hear why they are disconnected. */
const CLOSE_GRACE_MS = 200;
/** How long requests that are being answered may still take. */
const REQUEST_GRACE_MS = 8_000;

/** Listens for HTTP and WebSocket on one port. Rejects when it is taken. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const app = App();
  const http = serveHttp(app, {
    handle: options.handle,
    bodyLimit: options.bodyLimit,
    maxHeldBytes: options.maxHeldBytes,
    refuse: (code, headers) => withSecurityHeaders(problemResponse(code, languageOf(headers))),
    onAnswered: (status) => options.metrics.requests.inc({ status: String(status) }),
    onError: (error) => options.logger.error({ err: error }, 'could not answer a request'),
  });
  const sockets = serveSyncSocket(app, { ...options, refuse: http.refuse });
  const listening = await new Promise<Parameters<typeof us_listen_socket_close>[0]>((resolve, reject) => {
    app.listen(options.host, options.port, (socket) => {
      if (socket) resolve(socket);
      else reject(new Error(`port ${options.port} is taken`));
    });
  });
  // What the feed still brings while the node stops has no one to go to.
  let isOpen = true;
  return {
    port: us_socket_local_port(listening),
    publish: (workspace, message) => {
      if (isOpen) app.publish(liveTopic(workspace), message);
    },
    publishTier: (workspace, tierMs, message) => {
      if (isOpen) app.publish(tierTopic(workspace, tierMs), message);
    },
    notify: (workspace, message) => {
      if (isOpen) app.publish(noticeTopic(workspace), message);
    },
    liveCount: (workspace) => (isOpen ? app.numSubscribers(liveTopic(workspace)) : 0),
    tierCount: (workspace, tierMs) => (isOpen ? app.numSubscribers(tierTopic(workspace, tierMs)) : 0),
    [Symbol.asyncDispose]: async () => {
      us_listen_socket_close(listening);
      await Promise.all([sockets.drain(), http.idle(REQUEST_GRACE_MS)]);
      await new Promise((resolve) => {
        setTimeout(resolve, CLOSE_GRACE_MS);
      });
      isOpen = false;
      app.close();
    },
  };
}
