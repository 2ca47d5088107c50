/**
 * Why a node closes a WebSocket. The range says whether to come back: 4400–4499 not before the reason is mended,
 * 4500–4599 reconnect with backoff. 1009 (message too big) and 1006 (cut) come from the transport; reconnect on them.
 */
export const CLOSE_CODES = {
  badRequest: 4400,
  unauthenticated: 4401,
  forbidden: 4403,
  internal: 4500,
  draining: 4503,
  helloTimeout: 4504,
  slow: 4508,
  rateLimited: 4529,
} as const;
export type CloseCode = (typeof CLOSE_CODES)[keyof typeof CLOSE_CODES];

/** Whether a client should reconnect by itself after this close code. */
export function mayReconnect(code: number): boolean {
  return code < 4400 || code >= 4500;
}

/**
 * Reason of a close with `draining`: when to come back. The node spreads its clients over a window of its own, so that
 * those that remain are not asked by all of them at once.
 */
export function drainReason(reconnectInMs: number): string {
  return `the node is stopping; reconnect in ${Math.round(reconnectInMs)} ms`;
}

/** What `drainReason` says; undefined for any other reason. */
export function reconnectInMs(code: number, reason: string): number | undefined {
  const match = code === CLOSE_CODES.draining ? /; reconnect in (\d{1,6}) ms$/.exec(reason) : null;
  return match ? Number(match[1]) : undefined;
}

/** A client message may have at most this many bytes; a larger one closes the connection with 1009, one of twice the size cuts it. */
export const MAX_UP_MESSAGE_BYTES = 256 * 1024;
