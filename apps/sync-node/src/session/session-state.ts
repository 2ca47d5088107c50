import type { Hello, Role } from '@meldesync/protocol';

/** What a connection has reached. Only forward, or to `closed`. */
export type SessionState =
  /** Accepted; `hello` must come next. */
  | { readonly name: 'new' }
  /** `hello` came and is being looked up. */
  | { readonly name: 'greeting' }
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
  /** `catching-up` while it reads what it missed; `live` once it hears frames as they come. */
  readonly feed: 'none' | 'catching-up' | 'live';
}
