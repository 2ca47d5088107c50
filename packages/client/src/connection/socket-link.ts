import type { SyncSocket } from '../types/environment.ts';

/* oxlint-disable unicorn/prefer-add-event-listener -- the handlers are the part that every WebSocket has in common */

const OPEN = 1;
const NORMAL_CLOSURE = 1000;

/** One socket from its opening to its end. */
export interface SocketLink {
  /** Sends if the socket is open. */
  send(text: string): void;
  /** Closes the socket; nothing of it is heard after that. */
  close(reason: string): void;
}

interface SocketEvents {
  readonly onOpened: () => void;
  readonly onMessage: (data: unknown) => void;
  readonly onClosed: (code: number, reason: string) => void;
}

/** Takes a socket over. */
export function linkSocket(socket: SyncSocket, events: SocketEvents): SocketLink {
  socket.onopen = () => events.onOpened();
  socket.onmessage = ({ data }) => events.onMessage(data);
  socket.onclose = ({ code, reason }) => events.onClosed(code, reason);
  socket.onerror = ignoreError;
  return {
    send(text) {
      if (socket.readyState === OPEN) socket.send(text);
    },
    close(reason) {
      socket.onopen = null;
      socket.onmessage = null;
      socket.onclose = null;
      socket.close(NORMAL_CLOSURE, reason);
    },
  };
}

/** An error is always followed by `close`. This stays on a closed socket: `ws` throws errors that nobody listens to. */
function ignoreError(): void {}
