import type { Frame } from '@meldesync/protocol';

/** Where a receiver connects, and as what. Travels between processes. */
export type Target =
  | {
      readonly system: 'meldesync';
      /** Origin of a node. */
      readonly url: string;
      readonly token: string;
      readonly workspace: string;
      readonly cursor: string;
    }
  | { readonly system: 'socket-io'; readonly url: string };

/** What a message meant: frames follow from now on, where the system says so up to which one they were missed; or frames. */
type Taken = { readonly ready: true; readonly head?: string } | { readonly frames: readonly Frame[] };

/**
 * How one system speaks on the WebSocket: all in which the receivers of two systems differ. `send` sends a text on the
 * receiver's socket.
 */
export interface Wire {
  readonly url: string;
  readonly protocols: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  /** The socket is open. */
  opened(send: (text: string) => void): void;
  /** Takes a message, and answers what the protocol wants answered. */
  take(text: string, send: (text: string) => void): Taken | undefined;
  /** What a client must send from time to time by itself. */
  readonly heartbeat?: { readonly everyMs: number; readonly text: () => string };
}
