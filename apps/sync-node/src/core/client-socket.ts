/**
 * One client's socket, as the transport provides it: a buffer that takes up to `MAX_UNREAD_BYTES`, and topics. Nothing of it
 * may be used once it is over.
 */
export interface ClientSocket {
  /** Queues a text; false when the client has left too much unread, and then the text is dropped. */
  send(text: string): boolean;
  /** Closes it after what is queued. */
  end(code: number, reason: string): void;
  /** Bytes queued and not yet with the operating system. */
  bufferedBytes(): number;
  /** From now on it gets what is published on the topic, as far as its buffer takes it. */
  subscribe(topic: string): void;
  unsubscribeAll(): void;
}

/** What the transport tells of a socket. */
export interface SocketEvents {
  /** A message came; `read` copies its text, which is gone when this returns. */
  received(message: { readonly bytes: number; readonly isText: boolean }, read: () => string): void;
  /** The buffer has become emptier. */
  drained(): void;
  /** Something that was sent or published was not queued. */
  dropped(): void;
  /** It is over. */
  closed(code: number): void;
}

/** What is published to many sockets at once. */
export interface Topics {
  /** Gives a text to every socket that is subscribed. */
  publish(topic: string, text: string): void;
  /** How many sockets are subscribed. */
  count(topic: string): number;
}
