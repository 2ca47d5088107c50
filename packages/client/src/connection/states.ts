import type { ErrorCode } from '@meldesync/protocol';

/** What all states of one attempt to be connected know. Times are epoch milliseconds. */
export interface Run {
  /** Tries that failed since the connection was last stable. */
  readonly attempt: number;
  /** When this try began. */
  readonly openedAt: number;
  /** Since when the store has not been live. */
  readonly since: number;
  /** Whether the store was live before: this try is then a return. */
  readonly wasLive: boolean;
  /** What the last connection took for a ping, while it was live; null before there was one. */
  readonly roundTripMs: number | null;
  /** Nodes in a row that sent this client elsewhere because they stop. */
  readonly drains: number;
  /** Tries go on, but nobody should wait for them: the person refreshes by hand (R4.3). */
  readonly isManual: boolean;
}

/** How far the snapshot is; `total` is null until its first page says it. */
export interface Progress {
  readonly loaded: number;
  readonly total: number | null;
}

/** What `subscribe` needs to know of what came before. */
interface Subscription {
  readonly run: Run;
  /** Gaps since the connection was last stable. */
  readonly gaps: number;
  /** The snapshot that was loaded for it, null when there was none. */
  readonly snapshot: Progress | null;
}

/** The states that have a socket. */
export type Connected =
  /** The socket is being opened. */
  | { readonly name: 'opening'; readonly run: Run }
  /** `hello` went out. */
  | { readonly name: 'greeting'; readonly run: Run }
  /** Welcome; a snapshot is being loaded over HTTP. */
  | { readonly name: 'loading'; readonly run: Run; readonly snapshot: Progress }
  /** `subscribe` went out. */
  | ({ readonly name: 'subscribing' } & Subscription)
  /** Frames arrive, but not yet all that were there when the cursor was accepted. */
  | ({ readonly name: 'catching-up' } & Subscription)
  /** The store is current. `since` of the run is when it became so. */
  | { readonly name: 'live'; readonly run: Run; readonly gaps: number; readonly roundTripMs: number | null };

/** Where the connection stands. */
export type Connection =
  | Connected
  | { readonly name: 'stopped' }
  /** Waits for the next try. */
  | { readonly name: 'waiting'; readonly run: Run; readonly retryAt: number }
  /** There is no network: trying is of no use until there is. */
  | { readonly name: 'offline'; readonly run: Run }
  | { readonly name: 'needs-sign-in' }
  | { readonly name: 'refused'; readonly code: ErrorCode };

/** What can happen to a connection. */
export type ConnectionEvent =
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  /** A person wants it now, or signed in. */
  | { readonly type: 'retry' }
  | { readonly type: 'waited' }
  | { readonly type: 'opened' }
  /**
   * The server, or the network, closed the socket. `error` is the last error message that came before; `reconnectInMs`
   * what a node that stops said.
   */
  | {
      readonly type: 'closed';
      readonly code: number;
      readonly error: ErrorCode | null;
      readonly reconnectInMs?: number | undefined;
    }
  /** `canContinue`: there is a cursor of the server's epoch. */
  | { readonly type: 'welcomed'; readonly canContinue: boolean }
  | { readonly type: 'page-loaded'; readonly loaded: number; readonly total: number }
  | { readonly type: 'snapshot-loaded' }
  | {
      readonly type: 'snapshot-failed';
      readonly code: ErrorCode;
      /** False when the service itself refuses the snapshot. */
      readonly retryable: boolean;
      readonly retryAfterMs: number | null;
    }
  /** `isCurrent`: nothing is missing up to the head of the feed. */
  | { readonly type: 'subscribed'; readonly isCurrent: boolean }
  | { readonly type: 'caught-up' }
  /** A frame is missing between the store and what arrived. */
  | { readonly type: 'gap' }
  | { readonly type: 'reset' }
  | { readonly type: 'ponged'; readonly roundTripMs: number }
  | { readonly type: 'malformed' }
  /** What the state waits for did not come in time: an open socket, an answer, a page, a frame. */
  | { readonly type: 'unanswered' }
  /** Nothing came after a ping. */
  | { readonly type: 'silent' }
  /** The environment says that there is a network again, or none any more. */
  | { readonly type: 'came-online' }
  | { readonly type: 'went-offline' }
  /** Somebody looks at the page again, or the machine woke up: what was known of the connection is old. */
  | { readonly type: 'woke' }
  /** The API says that the session has ended. */
  | { readonly type: 'signed-out' };

/** Why a connection is dropped; a node reads it as the reason of the close. */
export type DropReason =
  | 'closed'
  | 'gaps'
  | 'malformed message'
  | 'no answer'
  | 'no network'
  | 'refused'
  | 'sent elsewhere'
  | 'sign-in needed'
  | 'silence'
  | 'snapshot failed'
  | 'stopped';

/** What the runner has to do after a transition, in order. */
export type ConnectionEffect =
  | { readonly type: 'open'; readonly limitMs: number }
  | { readonly type: 'send-hello'; readonly limitMs: number }
  /** From here on messages other than `hello` are allowed: heartbeat and edits. */
  | { readonly type: 'go-online' }
  | { readonly type: 'load-snapshot' }
  | { readonly type: 'send-subscribe' }
  /** There must be frames up to the head: if they stop coming before, one was lost and nothing else would tell. */
  | { readonly type: 'await-frames' }
  /** Nothing is awaited any more. Every effect that awaits something sets its own deadline in place of the last. */
  | { readonly type: 'disarm' }
  /** Ask for a sign of life at once, and give it a short time. */
  | { readonly type: 'probe' }
  /** Close the socket if there is one; end its timers and the snapshot. */
  | { readonly type: 'drop'; readonly reason: DropReason }
  | { readonly type: 'wait'; readonly delayMs: number };

/** Clock, randomness and circumstances of a transition. */
export interface TransitionContext {
  /** Epoch milliseconds. */
  readonly now: number;
  /** In [0, 1). */
  readonly random: number;
  /** False when the environment knows that there is no network. */
  readonly isOnline: boolean;
  /** Whether a lock hangs on the connection, which waits for its client only so long (R2.3). */
  readonly isHolding: boolean;
}
