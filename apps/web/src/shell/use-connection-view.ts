import { usePageClock } from '../i18n/use-clock.ts';
import { useConnection } from '../sync/use-connection.ts';
import { type ConnectionView, viewConnection } from './connection-view.ts';

/** How finely the countdown to the next attempt is shown. */
const STEP_MS = 500;

/** The connection as a person reads it, with a clock that only ticks while something counts down or ages. */
export function useConnectionView(): { readonly view: ConnectionView; readonly now: number } {
  const state = useConnection();
  const isAging = state.name === 'reconnecting' || state.name === 'manual' || state.name === 'offline';
  const now = usePageClock(isAging ? STEP_MS : null);
  return { view: viewConnection(state, now), now };
}
