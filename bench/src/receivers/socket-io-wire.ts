import type { Frame } from '@meldesync/protocol';
import type { Target, Wire } from './wire.ts';

/**
 * The Socket.IO protocol, version 5, on the Engine.IO protocol, version 4, as far as a client needs it that only
 * listens. A packet is a digit and its content; `4` is a message, and a Socket.IO packet is its content.
 */
const OPEN = '0';
const PING = '2';
const PONG = '3';
const CONNECT = '40';
const EVENT = '42';

/** Socket.IO's protocol over WebSocket alone; an event's argument is the list of frames. */
export function socketIoWire(target: Extract<Target, { system: 'socket-io' }>): Wire {
  return {
    url: `${target.url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`,
    protocols: [],
    headers: {},
    opened: () => undefined,
    take: (received, send) => {
      if (received.startsWith(EVENT)) {
        const [, frames] = JSON.parse(received.slice(EVENT.length)) as [string, Frame[]];
        return { frames };
      }
      if (received === PING) send(PONG);
      else if (received.startsWith(OPEN)) send(CONNECT);
      else if (received.startsWith(CONNECT)) return { ready: true };
      else throw new Error('a node sent a packet that was not expected');
      return undefined;
    },
  };
}
