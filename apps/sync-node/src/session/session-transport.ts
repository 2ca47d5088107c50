import type { CloseCode, TierMs } from '@meldesync/protocol';

/** The connection below a session, as the transport provides it. */
export interface SessionTransport {
  /** Queues a text; false when the buffer has no room for it, or the connection is over. */
  send(text: string): boolean;
  close(code: CloseCode, reason: string): void;
  /** Bytes queued and not yet with the operating system. */
  bufferedBytes(): number;
  /** Resolves when the queue has drained, or the connection is over. */
  drained(): Promise<void>;
  /** From now on the connection gets what is published for the workspace, frames in the pace of a tier. */
  follow(workspace: string, tierMs: TierMs): void;
  unfollow(workspace: string): void;
}
