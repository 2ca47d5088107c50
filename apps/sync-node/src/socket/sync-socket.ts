import type { HttpRequest, HttpResponse, TemplatedApp, us_socket_context_t, WebSocket } from 'uWebSockets.js';
import { CLOSE_CODES, drainReason, MAX_UP_MESSAGE_BYTES, SYNC_PATH } from '@meldesync/protocol';
import { closing, guarded } from '../http/guard.ts';
import { isWellFramed } from '../http/message-framing.ts';
import { readHeaders } from '../http/request-headers.ts';
import type { NodeMetrics } from '../node-metrics.ts';
import { Session, type SessionContext } from '../session/session.ts';
import type { SessionTransport } from '../session/session-transport.ts';
import { reconnectMoment, type Sessions } from '../session/sessions.ts';
import { type Admission, type AdmissionOptions, admit, chooseSubprotocol } from './admission.ts';

/** Larger messages than this are not even received: the transport cuts the connection. */
const MAX_PAYLOAD_BYTES = 2 * MAX_UP_MESSAGE_BYTES;
/** Message too big (RFC 6455 §7.4.1). */
const MESSAGE_TOO_BIG = 1009;
/** Bytes a client may leave unread before it is taken off the feed; it goes on from its cursor and misses nothing (P26). */
const MAX_BACKPRESSURE_BYTES = 1024 * 1024;
/** Seconds without any message after which the transport pings, and ends the connection without an answer. */
const IDLE_TIMEOUT_SECONDS = 32;

/** How much may come before it is known who the client is: there is nothing but `hello` to say. */
const MAX_EARLY_MESSAGES = 8;
const MAX_EARLY_CHARACTERS = 16 * 1024;

interface SocketData {
  /** Until the connection is admitted: the headers of its request, and the texts that came meanwhile. */
  waiting?: { readonly headers: Headers; readonly early: string[] };
  session?: Session;
  closed: boolean;
  /** Those who wait for the buffer to become emptier. */
  waitingForDrain: (() => void)[];
}

type Socket = WebSocket<SocketData>;

export interface SyncSocketOptions extends AdmissionOptions {
  readonly sessions: Sessions;
  readonly context: SessionContext;
  readonly metrics: NodeMetrics;
  /** Answers an upgrade whose head cannot be relied on, and ends its connection. */
  readonly refuse: (response: HttpResponse) => void;
}

/** Topic on which a workspace's frames are published as they come. */
export function liveTopic(workspace: string): string {
  return `live/${workspace}`;
}

/** Topic of the sockets of a workspace that get their frames merged, this far apart. */
export function tierTopic(workspace: string, tierMs: number): string {
  return `tier/${tierMs}/${workspace}`;
}

/** Topic of what all sockets of a workspace hear that follow its feed: notices, locks, presence. */
export function noticeTopic(workspace: string): string {
  return `notices/${workspace}`;
}

/** The WebSocket endpoint. */
export interface SyncSockets {
  /** Sends everyone away, also those of whom it is not known yet who they are, and those who still come. */
  drain(): Promise<void>;
}

/** Serves the WebSocket endpoint. */
export function serveSyncSocket(app: TemplatedApp, options: SyncSocketOptions): SyncSockets {
  /** Those that are being admitted. */
  const arriving = new Set<Socket>();
  let isDraining = false;
  const sendAway = (ws: Socket) => ws.end(CLOSE_CODES.draining, drainReason(reconnectMoment()));
  const told = (error: unknown) => options.logger.error({ err: error }, 'a connection failed');
  /** Only its own connection suffers when something goes wrong in a callback, or in what it leaves running. */
  const failed = closing(told);
  const receive = (session: Session, text: string, ws: Socket) => {
    session.receive(text).catch((error: unknown) => failed(error, ws));
  };
  app.ws<SocketData>(SYNC_PATH, {
    maxPayloadLength: MAX_PAYLOAD_BYTES,
    maxBackpressure: MAX_BACKPRESSURE_BYTES,
    idleTimeout: IDLE_TIMEOUT_SECONDS,
    sendPingsAutomatically: true,

    upgrade: guarded((response: HttpResponse, request: HttpRequest, context: us_socket_context_t) => {
      const headers = readHeaders(request);
      if (!headers || !isWellFramed(headers)) {
        options.refuse(response);
        return;
      }
      // At once, and admitted afterwards: uWS may close a connection that is upgraded later under a cork, and a browser
      // could not read the status of a refused upgrade anyway.
      response.upgrade<SocketData>(
        { waiting: { headers, early: [] }, closed: false, waitingForDrain: [] },
        request.getHeader('sec-websocket-key'),
        chooseSubprotocol(headers),
        request.getHeader('sec-websocket-extensions'),
        context,
      );
    }, failed),

    open: guarded((ws: Socket) => {
      const data = ws.getUserData();
      const { waiting } = data;
      if (!waiting) return;
      if (isDraining) {
        sendAway(ws);
        return;
      }
      arriving.add(ws);
      const admitted = (admission: Admission) => {
        if (data.closed) return;
        arriving.delete(ws);
        delete data.waiting;
        if (!admission.admitted) {
          ws.end(admission.code, admission.reason);
          return;
        }
        const session = new Session(admission.identity, transportOf(ws), options.context);
        data.session = session;
        options.sessions.add(session);
        options.metrics.connections.inc();
        for (const text of waiting.early) receive(session, text, ws);
      };
      void admit(waiting.headers, options).then(guarded(admitted, (error) => failed(error, ws)));
    }, failed),

    message: guarded((ws: Socket, message: ArrayBuffer, isBinary: boolean) => {
      const data = ws.getUserData();
      options.metrics.messages.inc();
      if (isBinary) {
        ws.end(CLOSE_CODES.badRequest, 'messages are text');
        return;
      }
      if (message.byteLength > MAX_UP_MESSAGE_BYTES) {
        ws.end(MESSAGE_TOO_BIG, 'message too big');
        return;
      }
      // The buffer dies with this callback: it is copied into a string here.
      const text = Buffer.from(message).toString('utf8');
      if (data.session) receive(data.session, text, ws);
      else if (data.waiting && !keepEarly(data.waiting.early, text)) {
        ws.end(CLOSE_CODES.rateLimited, 'too much before hello');
      }
    }, failed),

    drain: guarded((ws: Socket) => endWaiting(ws.getUserData()), failed),

    dropped: guarded((ws: Socket) => {
      // Something published for this socket was not queued: from here on it would have a gap. uWS is in the middle of
      // giving others their share, and touching a socket there ends the process.
      const { session } = ws.getUserData();
      options.metrics.dropped.inc();
      setImmediate(() => {
        session?.fellBehind().catch((error: unknown) => failed(error, ws));
      });
    }, told),

    close: guarded((ws: Socket, code: number) => {
      const data = ws.getUserData();
      data.closed = true;
      arriving.delete(ws);
      endWaiting(data);
      if (!data.session) return;
      data.session.closed(code);
      options.sessions.delete(data.session);
      options.metrics.connections.dec();
      options.logger.debug({ session: data.session.id, code }, 'connection ended');
    }, told),
  });

  return {
    drain: async () => {
      isDraining = true;
      for (const ws of arriving) sendAway(ws);
      await options.sessions.drain();
    },
  };
}

function endWaiting(data: SocketData): void {
  for (const resolve of data.waitingForDrain.splice(0)) resolve();
}

/** False when the text is more than is kept. */
function keepEarly(early: string[], text: string): boolean {
  early.push(text);
  return early.length <= MAX_EARLY_MESSAGES && early.reduce((sum, one) => sum + one.length, 0) <= MAX_EARLY_CHARACTERS;
}

function transportOf(ws: Socket): SessionTransport {
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
        if (data.closed) resolve();
        else data.waitingForDrain.push(resolve);
      }),
    follow: (workspace, tierMs) =>
      void alive(() => {
        ws.subscribe(noticeTopic(workspace));
        return ws.subscribe(tierMs === 0 ? liveTopic(workspace) : tierTopic(workspace, tierMs));
      }, false),
    unfollow: (workspace) =>
      void alive(() => {
        for (const topic of ws.getTopics()) ws.unsubscribe(topic);
        return workspace;
      }, ''),
  };
}
