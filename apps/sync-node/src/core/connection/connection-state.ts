import { type Hello, type Role, roleAllows } from '@meldesync/protocol';

/*
 *  new ── hello ──▶ greeting ── looked up ──▶ welcomed ⟲ feed: none ──▶ catching-up ──▶ live ──▶ none …
 *
 * From each of them to `closed`, and from there nowhere. A transition that the state does not know leaves it as it is: what
 * was looked up for a connection may be answered after its end.
 */

/** What a connection has reached. */
export type ConnectionState =
  /** Accepted; `hello` must come next. */
  | { readonly name: 'new' }
  /** `hello` came and is being looked up. `isRecheckDue`: access may have changed meanwhile. */
  | { readonly name: 'greeting'; readonly isRecheckDue: boolean }
  /** Member of the workspace; may edit and subscribe. */
  | Welcomed
  /** The connection is over. */
  | { readonly name: 'closed' };

export interface Welcomed {
  readonly name: 'welcomed';
  readonly workspace: string;
  readonly client: Hello['client'];
  /** Names the client across connections; the connection's own id for one that gave none. */
  readonly instance: string;
  readonly role: Role;
  /** Another node has sent it away because it did not hear what happens: once is enough (P49). */
  readonly stays: boolean;
  /** `catching-up` while it reads what it missed; `live` once it hears frames as they come. */
  readonly feed: 'none' | 'catching-up' | 'live';
}

/** The state of a connection that was just accepted. */
export const NEW: ConnectionState = { name: 'new' };

export const CLOSED: ConnectionState = { name: 'closed' };

/** `hello` came. */
export function beginGreeting(state: ConnectionState): ConnectionState {
  return state.name === 'new' ? { name: 'greeting', isRecheckDue: false } : state;
}

/** Access may have changed while it is looked up for the first time. */
export function doubtAccess(state: ConnectionState): ConnectionState {
  return state.name === 'greeting' ? { ...state, isRecheckDue: true } : state;
}

/** The person is a member of the workspace. */
export function welcome(state: ConnectionState, member: Omit<Welcomed, 'name' | 'feed'>): ConnectionState {
  return state.name === 'greeting' ? { ...member, name: 'welcomed', feed: 'none' } : state;
}

export function changeRole(state: ConnectionState, role: Role): ConnectionState {
  return state.name === 'welcomed' ? { ...state, role } : state;
}

/** The connection asks for the feed from where its client stands. */
export function beginCatchUp(state: ConnectionState): ConnectionState {
  return state.name === 'welcomed' ? { ...state, feed: 'catching-up' } : state;
}

/** The client has what it missed. */
export function goLive(state: ConnectionState): ConnectionState {
  return state.name === 'welcomed' && state.feed === 'catching-up' ? { ...state, feed: 'live' } : state;
}

/** The connection no longer follows the feed; its client asks for it again. */
export function leaveFeed(state: ConnectionState): ConnectionState {
  return state.name === 'welcomed' ? { ...state, feed: 'none' } : state;
}

/** Whether its person may hold locks. */
export function mayLock(state: ConnectionState): boolean {
  return state.name === 'welcomed' && roleAllows(state.role, 'editor');
}

/** Whether it still reads what it missed. */
export function isCatchingUp(state: ConnectionState): boolean {
  return state.name === 'welcomed' && state.feed === 'catching-up';
}
