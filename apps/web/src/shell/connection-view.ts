import type { ConnectionState } from '@meldesync/client';

/** What the pill and the banner make of the connection; each kind has its texts in `connection`. */
export type ConnectionView =
  | { readonly kind: 'live'; readonly roundTripMs: number | null }
  /** Live, but changes come gathered, this far apart: the connection is slow (R4.5), or the service saves work (R5.4). */
  | { readonly kind: 'slow'; readonly everyMs: number }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'loading'; readonly share: number | null }
  | { readonly kind: 'reconnecting'; readonly seconds: number; readonly since: number }
  /** `isTrying`: a try is under way. `isConnected`: there is a connection, over which no changes of others come. */
  | { readonly kind: 'manual'; readonly isTrying: boolean; readonly isConnected: boolean }
  | { readonly kind: 'offline'; readonly since: number }
  | { readonly kind: 'sign-in' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'stopped' };

/** Reads the state as a person would. */
export function viewConnection(state: ConnectionState, now: number): ConnectionView {
  switch (state.name) {
    case 'live':
      return state.everyMs === undefined
        ? { kind: 'live', roundTripMs: state.roundTripMs }
        : { kind: 'slow', everyMs: state.everyMs };
    case 'connecting':
      return { kind: 'connecting' };
    case 'loading':
      return { kind: 'loading', share: state.total ? Math.min(1, state.loaded / state.total) : null };
    case 'reconnecting':
      return {
        kind: 'reconnecting',
        seconds: Math.max(0, Math.ceil((state.retryAt - now) / 1000)),
        since: state.since,
      };
    case 'manual':
      return {
        kind: 'manual',
        isTrying: !state.isConnected && state.retryAt <= now,
        isConnected: state.isConnected ?? false,
      };
    case 'offline':
      return { kind: 'offline', since: state.since };
    case 'needs-sign-in':
      return { kind: 'sign-in' };
    case 'refused':
      return { kind: 'refused' };
    case 'stopped':
      return { kind: 'stopped' };
  }
}

/** How long an interruption may last, and how old data may be during one, before the banner says their age. */
const BANNER_AFTER_MS = 10_000;

/**
 * Whether the banner tells the age of the data. A page that opens with what it kept from yesterday tells it at its first
 * failure, though the interruption has only begun for it.
 *
 * @param since when the interruption began, epoch milliseconds
 * @param currentAt when the data were last current; null while there are none
 */
export function isAgeTold(since: number, currentAt: number | null, now: number): boolean {
  return now - Math.min(since, currentAt ?? since) >= BANNER_AFTER_MS;
}
