import type { SyncSocket } from '@meldesync/client';
import { CLOSE_CODES } from '@meldesync/protocol';
import { type RawData, WebSocket } from 'ws';
import { USER_AGENT } from './user-agent.ts';

const HANDSHAKE_TIMEOUT_MS = 15_000;

/** A snapshot never comes over the socket, so a message larger than this is not from a sync node. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/**
 * Opens WebSockets that carry the bearer token. A handshake refused with 401 or 403 closes with 4401 or 4403, as it
 * would after `hello`, so that a client does not try again what cannot succeed.
 */
export function createSocketOpener(token: string): (url: string, subprotocol: string) => SyncSocket {
  return (url, subprotocol) => {
    const socket = new WebSocket(url, subprotocol, {
      headers: { authorization: `Bearer ${token}`, 'user-agent': USER_AGENT },
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      maxPayload: MAX_MESSAGE_BYTES,
    });
    let refusal: number | undefined;
    const adapter: SyncSocket = {
      get readyState() {
        return socket.readyState;
      },
      send: (data) => socket.send(data),
      close: (code, reason) => socket.close(code, reason),
      onopen: null,
      onmessage: null,
      onclose: null,
      onerror: null,
    };
    // With this listener `ws` leaves it to us to end the handshake.
    socket.on('unexpected-response', (_request, response) => {
      refusal = refusalOf(response.statusCode);
      socket.terminate();
    });
    socket.on('open', () => adapter.onopen?.(undefined));
    socket.on('message', (data, isBinary) => adapter.onmessage?.({ data: isBinary ? data : textOf(data) }));
    socket.on('error', (error) => adapter.onerror?.(error));
    socket.on('close', (code, reason) => adapter.onclose?.({ code: refusal ?? code, reason: reason.toString() }));
    return adapter;
  };
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8');
}

function refusalOf(status: number | undefined): number | undefined {
  if (status === 401) return CLOSE_CODES.unauthenticated;
  return status === 403 ? CLOSE_CODES.forbidden : undefined;
}
