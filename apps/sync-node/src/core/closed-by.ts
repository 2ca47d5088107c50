import type { GuardedSocket } from './guarded-socket.ts';

/** Cut off without a close (RFC 6455 §7.4.1). */
const ABNORMAL_CLOSURE = 1006;

/** How a connection ended: with which close code, and who closed it; `line` where it broke without a word. */
export interface Closed {
  readonly code: number;
  readonly by: 'client' | 'node' | 'line';
}

/** How a socket ended of which the transport says this code. */
export function howClosed({ endCode }: Pick<GuardedSocket, 'endCode'>, code: number): Closed {
  if (endCode !== undefined) return { code: endCode, by: 'node' };
  return { code, by: code === ABNORMAL_CLOSURE ? 'line' : 'client' };
}
