import { API_PREFIX } from '@meldesync/protocol';
import { SIGN_IN_PREFIX } from './sign-in-routes.ts';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Names = Readonly<Partial<Record<Method, string>>>;

const WORKSPACE = '/workspaces/{workspace}';
const ADMINISTERED = '/administration/workspaces/{workspace}';
const ACCOUNT = '/administration/accounts/{account}';

/** Below `API_PREFIX`. */
const OF_API: Readonly<Record<string, Names>> = {
  '/me': { get: 'getMe' },
  '/me/active': { post: 'tellActive' },
  '/me/device': { post: 'openDevice' },
  '/me/password': { post: 'changeOwnPassword' },
  '/me/reauthenticate': { post: 'reauthenticate' },
  '/me/recovery-codes': { get: 'countRecoveryCodes' },
  '/me/sessions': { get: 'listOwnSessions', delete: 'endOwnSessions' },
  '/me/sessions/{session}': { delete: 'endOwnSession' },
  '/device-sign-ins/look': { post: 'lookAtDeviceSignIn' },
  '/device-sign-ins/allow': { post: 'allowDeviceSignIn' },
  '/device-sign-ins/deny': { post: 'denyDeviceSignIn' },

  [`${WORKSPACE}/members`]: { get: 'listMembers' },
  [`${WORKSPACE}/snapshot`]: { get: 'getSnapshotPage' },
  [`${WORKSPACE}/frames`]: { get: 'getFramesPage' },
  [`${WORKSPACE}/records`]: { get: 'listRecords' },
  [`${WORKSPACE}/records/{record}`]: { get: 'getRecord', patch: 'editRecord' },
  [`${WORKSPACE}/records/{record}/history`]: { get: 'getRecordHistory' },
  [`${WORKSPACE}/edits`]: { post: 'editRecords' },
  [`${WORKSPACE}/conflicts`]: { get: 'listConflicts' },
  [`${WORKSPACE}/conflicts/{conflict}`]: { get: 'getConflict' },
  [`${WORKSPACE}/conflicts/{conflict}/resolution`]: { post: 'resolveConflict' },
  [`${WORKSPACE}/imports`]: { get: 'listImports', post: 'uploadImports' },
  [`${WORKSPACE}/imports/{import}`]: { get: 'getImport' },
  [`${WORKSPACE}/imports/{import}/cancellation`]: { post: 'cancelImport' },
  [`${WORKSPACE}/imports/{import}/rows`]: { get: 'listImportRows' },
  [`${WORKSPACE}/locks`]: { get: 'listLocks' },
  [`${WORKSPACE}/locks/{lock}`]: { delete: 'endLock' },
  [`${WORKSPACE}/checksum`]: { get: 'getChecksum' },
  [`${WORKSPACE}/untold-records`]: { get: 'listUntoldRecords' },

  '/operations': { get: 'getOperations' },
  '/operations/level': { put: 'setLevel' },

  '/entry': { get: 'getEntry' },
  '/set-up': { post: 'setUp' },
  '/invitations/look': { post: 'lookAtInvitation' },
  '/invitations/accept': { post: 'acceptInvitation' },
  '/password-links/look': { post: 'lookAtPasswordLink' },
  '/password-links/use': { post: 'usePasswordLink' },

  '/administration/workspaces': { get: 'listAdministeredWorkspaces', post: 'createWorkspace' },
  [ADMINISTERED]: { patch: 'changeWorkspace' },
  [`${ADMINISTERED}/members`]: { get: 'listAdministeredMembers', post: 'addMember' },
  [`${ADMINISTERED}/members/{account}`]: { patch: 'changeMember', delete: 'removeMember' },
  [`${ADMINISTERED}/invitations`]: { get: 'listInvitations', post: 'invite' },
  [`${ADMINISTERED}/invitations/import`]: { post: 'importMembers' },
  [`${ADMINISTERED}/invitations/{invitation}`]: { delete: 'revokeInvitation' },
  [`${ADMINISTERED}/invitations/{invitation}/renew`]: { post: 'renewInvitation' },
  [`${ADMINISTERED}/service-accounts`]: { get: 'listServiceAccounts', post: 'createServiceAccount' },
  [`${ADMINISTERED}/service-accounts/{account}/tokens`]: { post: 'createToken', delete: 'endTokens' },
  [`${ADMINISTERED}/service-accounts/{account}/tokens/{token}`]: { delete: 'endToken' },
  [`${ADMINISTERED}/events`]: { get: 'listWorkspaceEvents' },
  '/administration/accounts': { get: 'listAccounts', post: 'createAccount' },
  [ACCOUNT]: { patch: 'changeAccount', delete: 'deleteAccount' },
  [`${ACCOUNT}/password-link`]: { post: 'makePasswordLink' },
  [`${ACCOUNT}/sessions`]: { delete: 'endAccountSessions' },
  [`${ACCOUNT}/second-factors`]: { delete: 'removeSecondFactors' },
  [`${ACCOUNT}/merge`]: { post: 'mergeAccounts' },
  [`${ACCOUNT}/single-sign-on`]: { delete: 'unlinkAccount' },
  '/administration/events': { get: 'listEvents' },
};

/** Below `SIGN_IN_PREFIX`. */
const OF_SIGN_IN: Readonly<Record<string, Names>> = {
  'sign-in/email': { post: 'signIn' },
  'sign-out': { post: 'signOut' },
  'two-factor/verify-totp': { post: 'verifyOneTimeCode' },
  'two-factor/verify-backup-code': { post: 'verifyRecoveryCode' },
  'device/code': { post: 'beginDeviceSignIn' },
  'device/token': { post: 'getDeviceToken' },
};

/**
 * What clients that are made from the description call an operation (`operationId`). A name stays, whatever becomes of the path: programs
 * are written with it.
 */
export function operationIdOf(method: Method, path: string): string | undefined {
  if (path.startsWith(SIGN_IN_PREFIX)) return OF_SIGN_IN[path.slice(SIGN_IN_PREFIX.length)]?.[method];
  return OF_API[path.slice(API_PREFIX.length)]?.[method];
}
