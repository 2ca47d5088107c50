import type { HttpRequest, HttpResponse, TemplatedApp, us_socket_context_t, WebSocket } from 'uWebSockets.js';
import { SYNC_PATH } from '@meldesync/protocol';
import type { ClientSocket, SocketEvents } from '../core/client-socket.ts';
import { IDLE_TIMEOUT_MS, MAX_PAYLOAD_BYTES, MAX_UNREAD_BYTES } from '../core/limits.ts';
import type { Reception } from '../core/reception.ts';
import type { ClientAddress } from '../http/client-address.ts';
import { closing, guarded } from '../http/guard.ts';
import { readHeaders } from '../http/request-headers.ts';
import { type AdmissionOptions, admit, chooseSubprotocol } from './admission.ts';

interface SocketData {
  /** Headers of the connection's request, until it has opened: there are many sockets, and the headers hold what signs them in. */
  headers?: Headers;
  /** Hears what happens to the socket; absent until it has opened. */
  events?: SocketEvents;
}

type Socket = WebSocket<SocketData>;

export interface SyncSocketOptions extends AdmissionOptions {
  readonly reception: Reception;
  readonly clientAddress: ClientAddress;
  /** Answers an upgrade whose head cannot be relied on, and ends its connection. */
  readonly refuse: (response: HttpResponse) => void;
}

/** Serves the WebSocket endpoint: hands sockets to the reception, and tells it what happens to them. */
export function serveSyncSocket(app: TemplatedApp, options: SyncSocketOptions): void {
  const told = (error: unknown) => options.logger.event('connection-failed', { err: error });
  /** Only its own connection suffers when something goes wrong in a callback. */
  const failed = closing(told);
  app.ws<SocketData>(SYNC_PATH, {
    maxPayloadLength: MAX_PAYLOAD_BYTES,
    maxBackpressure: MAX_UNREAD_BYTES,
    idleTimeout: IDLE_TIMEOUT_MS / 1_000,
    sendPingsAutomatically: true,

    upgrade: guarded((response: HttpResponse, request: HttpRequest, context: us_socket_context_t) => {
      const headers = readHeaders(request, response, options.clientAddress);
      if (!headers) {
        options.refuse(response);
        return;
      }
      // Every request is upgraded at once, and refused afterwards if need be. uWS may close a connection whose upgrade comes
      // later, and a browser cannot read the status of a refused upgrade anyway.
      response.upgrade<SocketData>(
        { headers },
        request.getHeader('sec-websocket-key'),
        chooseSubprotocol(headers),
        request.getHeader('sec-websocket-extensions'),
        context,
      );
    }, failed),

    open: guarded((ws: Socket) => {
      const data = ws.getUserData();
      const { headers = new Headers() } = data;
      delete data.headers;
      data.events = options.reception.open(new UwsSocket(ws), () => admit(headers, options));
    }, failed),

    message: guarded((ws: Socket, message: ArrayBuffer, isBinary: boolean) => {
      // The buffer dies with this callback: reading copies it into a string.
      ws.getUserData().events?.received({ bytes: message.byteLength, isText: !isBinary }, () =>
        Buffer.from(message).toString('utf8'),
      );
    }, failed),

    drain: guarded((ws: Socket) => ws.getUserData().events?.drained(), failed),

    // uWS is in the middle of giving others their share: touching a socket here, also to close it, ends the process.
    dropped: guarded((ws: Socket) => ws.getUserData().events?.dropped(), told),

    close: guarded((ws: Socket, code: number) => ws.getUserData().events?.closed(code), told),
  });
}

/** A class, since there is one for each of many thousand connections: its methods are there once. */
class UwsSocket implements ClientSocket {
  readonly #ws: Socket;

  constructor(ws: Socket) {
    this.#ws = ws;
  }

  send(text: string): boolean {
    return this.#ws.send(text) !== 2;
  }

  end(code: number, reason: string): void {
    this.#ws.end(code, reason);
  }

  bufferedBytes(): number {
    return this.#ws.getBufferedAmount();
  }

  subscribe(topic: string): void {
    this.#ws.subscribe(topic);
  }

  unsubscribeAll(): void {
    for (const topic of this.#ws.getTopics()) this.#ws.unsubscribe(topic);
  }
}
