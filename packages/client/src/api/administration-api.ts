import {
  type AccountChange,
  administeredAccount,
  administeredMember,
  administeredWorkspace,
  administrationEventPage,
  endedSessions,
  endedTokens,
  erasedCase,
  importedMembers,
  type MemberChange,
  madeAccount,
  madeInvitation,
  madeServiceToken,
  type NewAccount,
  type NewErasure,
  type NewInvitation,
  type NewMember,
  type NewServiceAccount,
  type NewServiceToken,
  oneTimeLink,
  receivedAccountList,
  receivedAdministeredMemberList,
  receivedErasures,
  receivedInvitationList,
  receivedRetentionRuns,
  receivedWorkspaceList,
  retentionRun,
  serviceAccount,
  serviceAccountList,
  type WorkspaceChange,
} from '@meldesync/protocol';
import { type ApiOptions, anything, createRequest } from './request.ts';

interface CallInput {
  /** Ends the call; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

interface EventInput extends CallInput {
  /** The `next` of the page before; absent for the newest. */
  readonly before?: number | undefined;
  readonly limit?: number | undefined;
}

/** What administrators may do over HTTP, typed; every answer is checked against its schema. Methods reject with `SyncError`. */
export type AdministrationApi = ReturnType<typeof createAdministrationApi>;

/**
 * Makes the client of administration, apart from that of everyday work, so that a page which never administers does not load it.
 * What changes a row says on which `version` it is based, and rejects with `changed-meanwhile` when that is no longer the present one.
 */
export function createAdministrationApi(options: ApiOptions) {
  return { ...installationCalls(options), ...workspaceCalls(options) };
}

/** For administrators of the installation. */
function installationCalls(options: ApiOptions) {
  const send = createRequest(options);
  const atAccount = (account: string, path = ''): string =>
    `/administration/accounts/${encodeURIComponent(account)}${path}`;

  return {
    /** All workspaces for an administrator of the installation; for others those that they administer. */
    workspaces: async ({ signal }: CallInput = {}) =>
      (await send(receivedWorkspaceList, '/administration/workspaces', { signal })).workspaces,

    /** Rejects with `workspace-name-taken` or `name-invalid`. */
    createWorkspace: (name: string) =>
      send(administeredWorkspace, '/administration/workspaces', { method: 'POST', json: { name } }),

    accounts: async ({ signal }: CallInput = {}) =>
      (await send(receivedAccountList, '/administration/accounts', { signal })).accounts,

    /** Rejects with `email-taken`, `email-invalid` or `name-invalid`. */
    createAccount: (account: NewAccount) =>
      send(madeAccount, '/administration/accounts', { method: 'POST', json: account }),

    /** Rejects with `last-administrator`, `own-account`, `email-taken` and the like. */
    changeAccount: (account: string, change: AccountChange) =>
      send(administeredAccount, atAccount(account), { method: 'PATCH', json: change }),

    deleteAccount: (account: string) => send(anything, atAccount(account), { method: 'DELETE' }),

    /** A link by which the person chooses a new password, once. */
    makePasswordLink: (account: string) => send(oneTimeLink, atAccount(account, '/password-link'), { method: 'POST' }),

    /** Signs the account out everywhere. */
    endSessions: (account: string) => send(endedSessions, atAccount(account, '/sessions'), { method: 'DELETE' }),

    /** Takes away passkeys, one-time passwords and recovery codes. */
    removeSecondFactors: (account: string) =>
      send(anything, atAccount(account, '/second-factors'), { method: 'DELETE' }),

    /** Puts an account into another one of the same person and deletes it; the one that stays. Rejects with `own-account`, `account-not-found`. */
    mergeAccounts: (account: string, into: string) =>
      send(administeredAccount, atAccount(account, '/merge'), { method: 'POST', json: { into } }),

    /** Takes the links of single sign-on away and signs the account out everywhere. */
    unlinkAccount: (account: string) => send(anything, atAccount(account, '/single-sign-on'), { method: 'DELETE' }),

    /** The latest runs of retention, newest first. */
    retentionRuns: async ({ signal }: CallInput = {}) =>
      (await send(receivedRetentionRuns, '/administration/retention-runs', { signal })).runs,

    /** Asks a worker to let go of what is over its time, or to count it. */
    askForRetention: (isDryRun: boolean) =>
      send(retentionRun, '/administration/retention-runs', { method: 'POST', json: { isDryRun } }),

    /** What was done in the whole installation, newest first. */
    events: ({ before, limit, signal }: EventInput = {}) =>
      send(administrationEventPage, '/administration/events', { query: { before, limit }, signal }),
  };
}

/** For administrators of a workspace, and those of the installation. Long because it is a list of calls. */
function workspaceCalls(options: ApiOptions) {
  const send = createRequest(options);
  const at = (workspace: string, path = ''): string =>
    `/administration/workspaces/${encodeURIComponent(workspace)}${path}`;
  const atMember = (workspace: string, account: string) => at(workspace, `/members/${encodeURIComponent(account)}`);
  const atInvitation = (workspace: string, id: string, path = '') =>
    at(workspace, `/invitations/${encodeURIComponent(id)}${path}`);
  const based = (version: number) => ({ 'if-match': `"${version}"` });

  return {
    /** Erases what is held of a case; it cannot be undone. Rejects with `reason-names-case`. */
    eraseCase: (workspace: string, erasure: NewErasure) =>
      send(erasedCase, at(workspace, '/erasures'), { method: 'POST', json: erasure }),

    /** Erasures, and how far they have come in Redis and archives, newest first. */
    erasures: async (workspace: string, { signal }: CallInput = {}) =>
      (await send(receivedErasures, at(workspace, '/erasures'), { signal })).erasures,

    changeWorkspace: (workspace: string, version: number, change: WorkspaceChange) =>
      send(administeredWorkspace, at(workspace), { method: 'PATCH', headers: based(version), json: change }),

    administeredMembers: async (workspace: string, { signal }: CallInput = {}) =>
      (await send(receivedAdministeredMemberList, at(workspace, '/members'), { signal })).members,

    /** Takes in somebody who has an account; rejects with `already-member`. */
    addMember: (workspace: string, member: NewMember) =>
      send(administeredMember, at(workspace, '/members'), { method: 'POST', json: member }),

    /** Rejects with `last-administrator` when nobody would be left who may administer. */
    changeMember: (workspace: string, account: string, version: number, change: MemberChange) =>
      send(administeredMember, atMember(workspace, account), {
        method: 'PATCH',
        headers: based(version),
        json: change,
      }),

    removeMember: (workspace: string, account: string, version: number) =>
      send(anything, atMember(workspace, account), { method: 'DELETE', headers: based(version) }),

    invitations: async (workspace: string, { signal }: CallInput = {}) =>
      (await send(receivedInvitationList, at(workspace, '/invitations'), { signal })).invitations,

    invite: (workspace: string, invitation: NewInvitation) =>
      send(madeInvitation, at(workspace, '/invitations'), { method: 'POST', json: invitation }),

    /** Makes a new link, which lasts anew; the one before no longer works. */
    renewInvitation: (workspace: string, id: string) =>
      send(madeInvitation, atInvitation(workspace, id, '/renew'), { method: 'POST' }),

    revokeInvitation: (workspace: string, id: string) =>
      send(anything, atInvitation(workspace, id), { method: 'DELETE' }),

    /** Invites everybody in a CSV file, `email;name;role;expires`, and says what became of each row. Days end by the clock here. */
    importMembers: (workspace: string, csv: string) =>
      send(importedMembers, at(workspace, '/invitations/import'), {
        method: 'POST',
        query: { timeZone: timeZoneHere() },
        text: { type: 'text/csv; charset=utf-8', content: csv },
      }),

    serviceAccounts: async (workspace: string, { signal }: CallInput = {}) =>
      (await send(serviceAccountList, at(workspace, '/service-accounts'), { signal })).accounts,

    createServiceAccount: (workspace: string, account: NewServiceAccount) =>
      send(serviceAccount, at(workspace, '/service-accounts'), { method: 'POST', json: account }),

    /** The secret of the token is in this answer and nowhere else. */
    createToken: (workspace: string, account: string, token: NewServiceToken) =>
      send(madeServiceToken, at(workspace, `/service-accounts/${encodeURIComponent(account)}/tokens`), {
        method: 'POST',
        json: token,
      }),

    endToken: (workspace: string, account: string, token: string) =>
      send(
        anything,
        at(workspace, `/service-accounts/${encodeURIComponent(account)}/tokens/${encodeURIComponent(token)}`),
        { method: 'DELETE' },
      ),

    /** Ends all tokens of a program; how many there were. */
    endTokens: async (workspace: string, account: string) =>
      (
        await send(endedTokens, at(workspace, `/service-accounts/${encodeURIComponent(account)}/tokens`), {
          method: 'DELETE',
        })
      ).ended,

    /** What was done in the workspace, newest first. */
    workspaceEvents: (workspace: string, { before, limit, signal }: EventInput = {}) =>
      send(administrationEventPage, at(workspace, '/events'), { query: { before, limit }, signal }),
  };
}

/** The IANA time zone of this machine; undefined where it does not know. */
function timeZoneHere(): string | undefined {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return timeZone === 'Etc/Unknown' ? undefined : timeZone;
}
