import { askingTerminal } from '@meldesync/protocol';
import { type ApiOptions, createRequest, nothing } from './request.ts';

interface CallInput {
  /** Ends the call; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * What a signed-in person does about a terminal that shows a code. Methods reject with `SyncError`: `device-code-unknown`,
 * `device-code-expired`, or `device-code-used` once it is decided on or another person looked at it.
 */
export function createDeviceSignInApi(options: ApiOptions) {
  const send = createRequest(options);
  return {
    /** Which terminal asks; from then on only this person may decide. */
    look: (code: string, { signal }: CallInput = {}) =>
      send(askingTerminal, '/device-sign-ins/look', { method: 'POST', json: { code }, signal }),

    /** Signs the terminal in as this person. */
    allow: (code: string) => send(nothing, '/device-sign-ins/allow', { method: 'POST', json: { code } }),

    /** Turns it away. */
    deny: (code: string) => send(nothing, '/device-sign-ins/deny', { method: 'POST', json: { code } }),
  };
}
