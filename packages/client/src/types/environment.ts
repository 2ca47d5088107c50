import type { Unsubscribe } from './unsubscribe.ts';

/** Where a client runs, as far as it concerns the connection. */
export interface ClientEnvironment {
  /** False when it is known that there is no network. */
  isOnline(): boolean;
  /** Whether a person may be looking. */
  isVisible(): boolean;
  /** Calls back when one of them may have changed, and whenever what is known of the connection may be old. */
  onChange(listener: () => void): Unsubscribe;
}

/** The part of the WHATWG WebSocket that the client uses; browsers and `ws` both have it. */
export interface SyncSocket {
  readonly readyState: number;
  send(data: string): void;
  close(code?: number, reason?: string): void;
  onopen: SocketHandler<unknown>;
  onmessage: SocketHandler<{ data: unknown }>;
  onclose: SocketHandler<{ code: number; reason: string }>;
  onerror: SocketHandler<unknown>;
}

/** A method's type: both kinds of WebSocket give their handlers more than is named here. */
type SocketHandler<Event> = { handle(event: Event): void }['handle'] | null;

export interface ClientRuntime {
  /** Epoch milliseconds by a clock that does not jump when that of the machine is set, so that ages are right. */
  now(): number;
  /** What the clock of the machine shows, in epoch milliseconds: for what outlives the program. */
  wallNow(): number;
  random(): number;
  randomId(): string;
  setTimeout(callback: () => void, delayMs: number): unknown;
  clearTimeout(timer: unknown): void;
  /** When what the person did just now was done, in epoch milliseconds: a busy program hears of it later. */
  actedAt(): number;
  /** Calls back once what the store holds now is on the screen; at once where there is none, or nobody sees it any more. */
  afterPaint(callback: () => void): void;
}
