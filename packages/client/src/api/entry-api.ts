import {
  type AcceptedInvitation,
  entry,
  joinedWorkspace,
  type SetUp,
  shownInvitation,
  shownPasswordLink,
} from '@meldesync/protocol';
import { type ApiOptions, anything, createRequest } from './request.ts';

interface CallInput {
  /** Ends the call; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What those may do who are not signed in. Methods reject with `SyncError`. */
export type EntryApi = ReturnType<typeof createEntryApi>;

/** One-time links carry a secret; of one that does not work the calls reject with `link-unknown`, `link-expired` or `link-used`. */
export function createEntryApi(options: ApiOptions) {
  const send = createRequest(options);
  return {
    /** How one signs in here, and whether the installation waits for its first administrator. */
    entry: ({ signal }: CallInput = {}) => send(entry, '/entry', { signal }),

    /** Makes the first administrator and the first workspace; rejects with `set-up-done` when there is one. */
    setUp: (answers: SetUp) => send(joinedWorkspace, '/set-up', { method: 'POST', json: answers }),

    lookAtInvitation: (secret: string, { signal }: CallInput = {}) =>
      send(shownInvitation, '/invitations/look', { method: 'POST', json: { secret }, signal }),

    /** Rejects with `invited-as-another` when somebody else is signed in. */
    acceptInvitation: (answers: AcceptedInvitation) =>
      send(joinedWorkspace, '/invitations/accept', { method: 'POST', json: answers }),

    lookAtPasswordLink: (secret: string, { signal }: CallInput = {}) =>
      send(shownPasswordLink, '/password-links/look', { method: 'POST', json: { secret }, signal }),

    /** Sets the password and ends all sessions of the account. */
    choosePassword: (secret: string, password: string) =>
      send(anything, '/password-links/use', { method: 'POST', json: { secret, password } }),
  };
}
