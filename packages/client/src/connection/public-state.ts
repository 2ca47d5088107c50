import type { ConnectionState } from '../types/connection-state.ts';
import type { Facts } from './facts.ts';
import type { Connection, Run } from './states.ts';

/** What a person is told of a state, with how far apart changes come and since when none are heard of. After a first failure it is "reconnecting" until the store is live again. */
export function publicState(
  state: Connection,
  { everyMs, staleSince }: Pick<Facts, 'everyMs' | 'staleSince'>,
): ConnectionState {
  switch (state.name) {
    case 'stopped':
    case 'needs-sign-in':
      return { name: state.name };
    case 'refused':
      return { name: 'refused', code: state.code };
    case 'opening':
    case 'greeting':
      return trying(state.run);
    case 'subscribing':
    case 'catching-up':
      // The snapshot is not current yet, and saying "connecting" in between would only flicker.
      return state.snapshot ? { name: 'loading', ...state.snapshot } : trying(state.run);
    case 'waiting':
      return returning(state.run, state.retryAt);
    case 'offline':
      return { name: 'offline', since: state.run.since };
    case 'loading':
      return { name: 'loading', ...state.snapshot };
    case 'live':
      break;
  }
  if (staleSince !== null)
    return { name: 'manual', attempt: 0, retryAt: staleSince, since: staleSince, isConnected: true };
  return { name: 'live', roundTripMs: state.roundTripMs, ...(everyMs > 0 ? { everyMs } : {}) };
}

/** Whether both tell the same, so that nobody needs to hear of it. */
export function isSameState(a: ConnectionState, b: ConnectionState): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function trying(run: Run): ConnectionState {
  return run.attempt === 0 && !run.wasLive ? { name: 'connecting' } : returning(run, run.openedAt);
}

function returning({ attempt, since, isManual }: Run, retryAt: number): ConnectionState {
  return { name: isManual ? 'manual' : 'reconnecting', attempt, retryAt, since };
}
