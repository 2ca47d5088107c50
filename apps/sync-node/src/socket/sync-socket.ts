import type { TemplatedApp, WebSocket } from 'uWebSockets.js';
import { CLOSE_CODES, MAX_UP_MESSAGE_BYTES, SUBPROTOCOL, SYNC_PATH } from '@meldesync/protocol';
import type { Logger } from '@meldesync/telemetry';
import type { Auth } from '../auth/auth.ts';
import { authenticate, type Identity, originAllowed } from '../auth/authenticate.ts';
import { readHeaders } from '../http/request-headers.ts';
import type { NodeMetrics } from '../node-metrics.ts';
import { Session, type SessionContext, type SessionTransport } from '../session/session.ts';
import type { Sessions } from '../session/sessions.ts';

/** Bytes a client may leave unread before it is disconnected; it comes back with its cursor and misses nothing. */
const MAX_BACKPRESSURE_BYTES = 4 * 1024 * 1024;
/** Seconds without any message after which the transport pings, and ends the connection without an answer. */
const IDLE_TIMEOUT_SECONDS = 32;

type Admission =
  | { readonly admitted: true; readonly identity: Identity }
  | { readonly admitted: false; readonly code: 4401 | 4403 | 4400 | 4500; readonly reason: string };

interface SocketData {
  readonly admission: Admission;
  session?: Session;
  onDrain?: () => void;
}

export interface SyncSocketOptions {
  readonly auth: Auth;
  readonly origins: ReadonlySet<string>;
  readonly sessions: Sessions;
  readonly context: SessionContext;
  readonly metrics: NodeMetrics;
  readonly logger: Logger;
}

/** Topic on which a workspace's frames and notices are published. */
export function liveTopic(workspace: string): string {
  return `live/${workspace}`;
}

/** Serves the WebSocket endpoint. */
export function serveSyncSocket(app: TemplatedApp, options: SyncSocketOptions): void {
  app.ws<SocketData>(SYNC_PATH, {
    maxPayloadLength: MAX_UP_MESSAGE_BYTES,
    maxBackpressure: MAX_BACKPRESSURE_BYTES,
    idleTimeout: IDLE_TIMEOUT_SECONDS,
    sendPingsAutomatically: true,

    upgrade: (response, request, context) => {
      // The request dies with this callback: everything is copied before the first await.
      const headers = readHeaders(request);
      const key = request.getHeader('sec-websocket-key');
      const protocols = request.getHeader('sec-websocket-protocol');
      const extensions = request.getHeader('sec-websocket-extensions');
      let aborted = false;
      response.onAborted(() => {
        aborted = true;
      });
      void admit(headers, protocols, options).then((admission) => {
        if (aborted) return;
        const offered = protocols.split(',').map((name) => name.trim());
        const protocol = offered.includes(SUBPROTOCOL) ? SUBPROTOCOL : '';
        // A browser cannot read the status of a refused upgrade, so it is accepted and closed with the reason.
        response.cork(() => response.upgrade<SocketData>({ admission }, key, protocol, extensions, context));
      });
    },

    open: (ws) => {
      const data = ws.getUserData();
      if (!data.admission.admitted) {
        ws.end(data.admission.code, data.admission.reason);
        return;
      }
      const session = new Session(data.admission.identity, transportOf(ws), options.context);
      data.session = session;
      options.sessions.add(session);
      options.metrics.connections.inc();
    },

    message: (ws, message, isBinary) => {
      const { session } = ws.getUserData();
      if (!session) return;
      options.metrics.messages.inc();
      if (isBinary) session.close(CLOSE_CODES.badRequest, 'messages are text');
      // The buffer dies with this callback: it is copied into a string here.
      else void session.receive(Buffer.from(message).toString('utf8'));
    },

    drain: (ws) => {
      const data = ws.getUserData();
      data.onDrain?.();
    },

    dropped: (ws) => {
      // Something published for this socket was not queued: from here on it would have a gap.
      ws.getUserData().session?.close(CLOSE_CODES.slow, 'too slow');
    },

    close: (ws, code) => {
      const data = ws.getUserData();
      data.onDrain?.();
      if (!data.session) return;
      data.session.closed();
      options.sessions.delete(data.session);
      options.metrics.connections.dec();
      options.logger.debug({ session: data.session.id, code }, 'connection ended');
    },
  });
}

async function admit(headers: Headers, protocols: string, options: SyncSocketOptions): Promise<Admission> {
  if (!protocols.split(',').some((name) => name.trim() === SUBPROTOCOL)) {
    return { admitted: false, code: CLOSE_CODES.badRequest, reason: `subprotocol ${SUBPROTOCOL} is required` };
  }
  if (!originAllowed(headers, options.origins)) {
    return { admitted: false, code: CLOSE_CODES.forbidden, reason: 'foreign origin' };
  }
  try {
    const identity = await authenticate(options.auth, headers);
    if (identity) return { admitted: true, identity };
    return { admitted: false, code: CLOSE_CODES.unauthenticated, reason: 'not signed in' };
  } catch (error) {
    options.logger.error({ err: error }, 'could not look up the session of a connection');
    return { admitted: false, code: CLOSE_CODES.internal, reason: 'internal error' };
  }
}

function transportOf(ws: WebSocket<SocketData>): SessionTransport {
  let over = false;
  const data = ws.getUserData();
  /** uWS throws on a socket that has closed; a session may notice a moment later. */
  const alive = <T>(use: () => T, otherwise: T): T => {
    if (over || data.session?.state.name === 'closed') return otherwise;
    return use();
  };
  return {
    send: (text) => alive(() => ws.send(text) !== 2, false),
    close: (code, reason) => {
      if (over) return;
      over = true;
      ws.end(code, reason);
    },
    bufferedBytes: () => alive(() => ws.getBufferedAmount(), 0),
    drained: () =>
      new Promise((resolve) => {
        data.onDrain = () => {
          delete data.onDrain;
          resolve();
        };
      }),
    joinLive: (workspace) => void alive(() => ws.subscribe(liveTopic(workspace)), false),
    leaveLive: (workspace) => void alive(() => ws.unsubscribe(liveTopic(workspace)), false),
  };
}
