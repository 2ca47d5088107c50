import type { ClientEnvironment } from '../types/environment.ts';
import type { Unsubscribe } from '../types/unsubscribe.ts';

/** For a client that is told nothing of where it runs. */
export const QUIET_ENVIRONMENT: ClientEnvironment = {
  isOnline: () => true,
  isVisible: () => true,
  onChange: () => () => undefined,
};

/** Says what a change of the environment means for the connection, until it is ended. */
export function watchEnvironment(
  environment: ClientEnvironment,
  dispatch: (event: { readonly type: 'came-online' | 'went-offline' | 'woke' }) => void,
): Unsubscribe {
  let wasOnline = environment.isOnline();
  return environment.onChange(() => {
    const isOnline = environment.isOnline();
    const hasTurned = isOnline !== wasOnline;
    wasOnline = isOnline;
    if (hasTurned) dispatch({ type: isOnline ? 'came-online' : 'went-offline' });
    else if (environment.isVisible()) dispatch({ type: 'woke' });
  });
}
