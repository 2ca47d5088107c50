import { type DownMessage, downMessage, SUBPROTOCOL, SYNC_PATH, type UpMessage } from '@meldesync/protocol';
import { WebSocket } from 'ws';
import { eventually } from './eventually.ts';

type MessageOf<Type extends DownMessage['type']> = Extract<DownMessage, { type: Type }>;

/** A WebSocket without a client library behind it: it sends what it is told, however wrong that is. */
export interface RawSocket extends AsyncDisposable {
  /** Everything that came, oldest first; each checked against the protocol. */
  readonly messages: readonly DownMessage[];
  /** What the server chose of the subprotocols offered. */
  readonly protocol: string;
  /** Code and reason; undefined while it is open. */
  readonly closed: { readonly code: number; readonly reason: string } | undefined;
  send(message: UpMessage): void;
  sendRaw(data: string | Uint8Array): void;
  /** Closes the connection as a client does that has a reason. */
  close(code: number): void;
  /** Reads nothing until `resume`: what the node sends piles up. */
  pause(): void;
  resume(): void;
  /** The first message of a type that has not been taken yet; messages before it are passed over. */
  next<Type extends DownMessage['type']>(type: Type): Promise<MessageOf<Type>>;
  /** Resolves with the code once the connection is over. */
  closeCode(): Promise<number>;
}

export interface RawSocketOptions {
  readonly token?: string;
  readonly headers?: Record<string, string>;
  readonly protocols?: readonly string[];
  /** Whose certificate is believed, where the origin begins with https; what the system believes unless given. */
  readonly ca?: Buffer;
}

/** Connects to a node, given as its origin. Resolves once the WebSocket is open. */
export async function connectRaw(origin: string, options: RawSocketOptions = {}): Promise<RawSocket> {
  const headers: Record<string, string> = { ...options.headers };
  if (options.token !== undefined) headers['authorization'] = `Bearer ${options.token}`;
  const socket = new WebSocket(origin.replace(/^http/, 'ws') + SYNC_PATH, [...(options.protocols ?? [SUBPROTOCOL])], {
    headers,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  });
  const messages: DownMessage[] = [];
  let taken = 0;
  let closed: RawSocket['closed'];
  socket.on('message', (data) => messages.push(downMessage.parse(JSON.parse((data as Buffer).toString('utf8')))));
  socket.on('close', (code, reason) => {
    closed = { code, reason: reason.toString('utf8') };
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  // Once open, an error comes with a close, and that says all there is to know.
  socket.on('error', () => undefined);
  return {
    messages,
    get protocol() {
      return socket.protocol;
    },
    get closed() {
      return closed;
    },
    send: (message) => socket.send(JSON.stringify(message)),
    sendRaw: (data) => socket.send(data),
    close: (code) => socket.close(code),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    next: async (type) => {
      let found: DownMessage | undefined;
      await eventually(() => {
        const index = messages.findIndex((message, at) => at >= taken && message.type === type);
        if (index < 0) throw new Error(`no ${type} came${closed ? `, the connection is closed (${closed.code})` : ''}`);
        found = messages[index];
        taken = index + 1;
      });
      return found as MessageOf<typeof type>;
    },
    closeCode: async () => {
      await eventually(() => {
        if (!closed) throw new Error('the connection is still open');
      });
      return closed?.code ?? 0;
    },
    [Symbol.asyncDispose]: async () => socket.terminate(),
  };
}
