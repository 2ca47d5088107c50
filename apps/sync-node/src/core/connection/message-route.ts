import {
  CLOSE_CODES,
  type CloseCode,
  type ErrorCode,
  type Hello,
  type Ping,
  type UpMessage,
} from '@meldesync/protocol';
import type { ConnectionState, Welcomed } from './connection-state.ts';

/** What only members may say. */
export type MemberMessage = Exclude<UpMessage, Hello | Ping>;

/** Who a message goes to. */
export type Route =
  /** The connection is over. */
  | { readonly to: 'nobody' }
  | { readonly to: 'ping'; readonly message: Ping }
  | { readonly to: 'greeting'; readonly message: Hello }
  | { readonly to: 'member'; readonly state: Welcomed; readonly message: MemberMessage }
  /** It may not come now. */
  | { readonly to: 'refusal'; readonly code: ErrorCode }
  | { readonly to: 'close'; readonly code: CloseCode; readonly reason: string };

/** Messages that wait for those before them in their line: an unlock must be over before its records are locked again. */
export type MessageLine = 'edits' | 'locks';

const LINES: Partial<Record<UpMessage['type'], MessageLine>> = { edit: 'edits', lock: 'locks', unlock: 'locks' };

/** In which line a message waits; undefined for one that waits for nobody. */
export function lineOf(message: UpMessage): MessageLine | undefined {
  return LINES[message.type];
}

/** Who takes a message of a connection in this state. */
export function routeMessage(state: ConnectionState, message: UpMessage): Route {
  if (state.name === 'closed') return { to: 'nobody' };
  if (message.type === 'ping') return { to: 'ping', message };
  if (message.type === 'hello') {
    return state.name === 'new' ? { to: 'greeting', message } : { to: 'refusal', code: 'unexpected-message' };
  }
  if (state.name !== 'welcomed') return { to: 'close', code: CLOSE_CODES.badRequest, reason: 'hello must come first' };
  if (message.type === 'subscribe' && state.feed === 'catching-up') {
    return { to: 'refusal', code: 'unexpected-message' };
  }
  return { to: 'member', state, message };
}
