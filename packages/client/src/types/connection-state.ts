import type { ErrorCode } from '@meldesync/protocol';

/** Where the connection stands; the pill of the page and the terminal show it. Times are epoch milliseconds. */
export type ConnectionState =
  | { readonly name: 'stopped' }
  | { readonly name: 'connecting' }
  /** A snapshot is on its way; `total` is null until its first page says it. */
  | { readonly name: 'loading'; readonly loaded: number; readonly total: number | null }
  /** `everyMs`: the connection is slow, and changes come this far apart, merged (R4.5); absent when they come at once. */
  | { readonly name: 'live'; readonly roundTripMs: number | null; readonly everyMs?: number }
  /**
   * Lost, or not made yet; `since` is when the store was live last, or the start. `retryAt` is when the next try begins;
   * one whose time has come is under way. `attempt` counts tries that failed.
   */
  | { readonly name: 'reconnecting'; readonly attempt: number; readonly retryAt: number; readonly since: number }
  /**
   * Tries fail again and again (R4.3). They go on in the background; meanwhile `refresh` brings the store up to date and
   * edits go over HTTP. `isConnected`: there is a connection, to a node that has not heard what happens `since` then; it says by
   * itself when it does, and no try is under way.
   */
  | {
      readonly name: 'manual';
      readonly attempt: number;
      readonly retryAt: number;
      readonly since: number;
      readonly isConnected?: true;
    }
  /** The environment says that there is no network. Edits wait; the next try begins when there is one. */
  | { readonly name: 'offline'; readonly since: number }
  | { readonly name: 'needs-sign-in' }
  /** Closed for a reason that a retry does not mend. */
  | { readonly name: 'refused'; readonly code: ErrorCode };
