import type { ConnectionState } from '@meldesync/client';
import type { CliContext } from '../context.ts';

/**
 * Makes a function that gives a line for a connection state, or undefined when there is nothing new to say: a round
 * trip, the progress of a load, the moment in which an announced attempt begins.
 */
export function createConnectionTexts(
  context: CliContext,
  countRecords: () => number,
  now: () => number = Date.now,
): (state: ConnectionState) => string | undefined {
  const { t, errorStyle, dates } = context;
  let last = '';
  let wasLive = false;
  const say = (sign: string, text: string) => `${errorStyle.dim(dates.clock(new Date(now())))}  ${sign} ${text}`;
  const reconnecting = ({ attempt, retryAt }: { readonly attempt: number; readonly retryAt: number }) => {
    // What a stopping node has asked for is no failed try, and still the first of ours.
    const seconds = Math.max(0, retryAt - now()) / 1000;
    return say(errorStyle.yellow('○'), t('watch.reconnecting', { attempt: Math.max(1, attempt), seconds }));
  };
  return (state) => {
    const isTrying = state.name === 'reconnecting' || state.name === 'manual';
    const isStale = state.name === 'manual' && state.isConnected === true;
    const key = isStale ? 'stale' : isTrying ? `trying ${state.attempt}` : state.name;
    // After a snapshot the client goes through "connecting" once more.
    if (key === last || (key === 'connecting' && last === 'loading')) return undefined;
    last = key;
    switch (state.name) {
      case 'connecting':
        return say(errorStyle.yellow('○'), t('watch.connecting'));
      case 'loading':
        return say(errorStyle.yellow('○'), t('watch.loading'));
      case 'live': {
        const text = wasLive ? 'watch.liveAgain' : 'watch.live';
        wasLive = true;
        return say(errorStyle.green('●'), t(text, { records: countRecords() }));
      }
      // A terminal has nothing to refresh by hand: it goes on trying, or waits for the service to hear something again.
      case 'manual':
        if (state.isConnected)
          return say(errorStyle.yellow('○'), t('watch.stale', { time: dates.clock(new Date(state.since)) }));
        return reconnecting(state);
      case 'reconnecting':
        return reconnecting(state);
      case 'needs-sign-in':
        return say(errorStyle.red('!'), t('watch.needsSignIn'));
      // A terminal is told nothing of its network.
      case 'offline':
      case 'stopped':
      // Its error says it, and ends the command.
      case 'refused':
        return undefined;
      default:
        return state satisfies never;
    }
  };
}
