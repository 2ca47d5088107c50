import { sampleCsv } from '@meldesync/testkit';
import { SIGN_IN_PREFIX } from '../src/http/sign-in-routes.ts';

/** What is asked about. Whom an act would be about does not exist: who is let through hears so, and nothing is changed. */
export const NOBODY = 'nobody-of-that-id';
export const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const WRONG_PASSWORD = 'a-wrong-password-7';
/** What could be the secret of a link, and is of none. */
const SECRET = 'A'.repeat(43);

/** What a request has beside its method and path; nothing of it is refused for its form. */
export interface SampleRequest {
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: () => BodyInit;
  /** Begins with `?`. */
  readonly query?: string;
}

const soon = () => new Date(Date.now() + 3_600_000).toISOString();
const newAddress = () => `${crypto.randomUUID()}@klinik.example`;
const password = { password: WRONG_PASSWORD };

/** What a route of the API takes, by `operationId`; one that takes nothing is not here. */
export const sampleRequests = (record: number): Readonly<Record<string, () => SampleRequest>> => ({
  createAccount: () => ({ json: { name: 'Nora Neu', email: newAddress() } }),
  changeAccount: () => ({ json: { name: 'Nora' } }),
  mergeAccounts: () => ({ json: { into: 'another' } }),
  invite: () => ({ json: { email: newAddress(), role: 'viewer' } }),
  importMembers: () => ({
    headers: { 'content-type': 'text/csv' },
    body: () => `email;rolle\n${newAddress()};viewer`,
  }),
  addMember: () => ({ json: { account: NOBODY, role: 'viewer' } }),
  changeMember: () => ({ json: { role: 'viewer' }, headers: { 'if-match': '"1"' } }),
  createServiceAccount: () => ({ json: { name: 'Bericht', role: 'viewer' } }),
  createToken: () => ({ json: { label: 'Nachts', maxRole: 'viewer', expiresAt: soon() } }),
  // There is no worker that would take it up.
  askForRetention: () => ({ json: { isDryRun: false } }),
  // Refused in the end, since the reason names the case.
  eraseCase: () => ({ json: { caseId: NOBODY, reason: `Antrag ${NOBODY}` } }),
  createWorkspace: () => ({ json: { name: 'Neu' } }),
  changeWorkspace: () => ({ json: {}, headers: { 'if-match': '"99"' } }),
  queryWholeAudit: () => ({ json: {} }),
  exportWholeAudit: () => ({ json: { format: 'csv' } }),
  queryAudit: () => ({ json: {} }),
  exportAudit: () => ({ json: { format: 'csv' } }),
  reportCase: () => ({ json: { case: NOBODY } }),
  resolveConflict: () => ({ json: { resolution: 'dropped' } }),
  lookAtDeviceSignIn: () => ({ json: { code: 'BCDF-GHJK' } }),
  allowDeviceSignIn: () => ({ json: { code: 'BCDF-GHJK' } }),
  denyDeviceSignIn: () => ({ json: { code: 'BCDF-GHJK' } }),
  openDevice: () => ({ json: { isShared: false } }),
  setUp: () => ({
    json: { secret: SECRET, name: 'Eva Erst', email: newAddress(), workspace: 'Erste', ...password },
  }),
  lookAtInvitation: () => ({ json: { secret: SECRET } }),
  acceptInvitation: () => ({ json: { secret: SECRET, name: 'Eva Erst', ...password } }),
  lookAtPasswordLink: () => ({ json: { secret: SECRET } }),
  usePasswordLink: () => ({ json: { secret: SECRET, ...password } }),
  getFramesPage: () => ({ query: '?after=00000000:0-0' }),
  uploadImports: () => ({
    body: () => {
      const form = new FormData();
      form.append('file', new Blob([sampleCsv(1, 1)]), 'matrix.csv');
      return form;
    },
  }),
  takeLock: () => ({ json: { records: [record] } }),
  setLevel: () => ({ json: { level: 'automatic' } }),
  changeOwnPassword: () => ({ json: { current: WRONG_PASSWORD, new: 'viele-gelbe-Fahrraeder-7' } }),
  reauthenticate: () => ({ json: password }),
  editRecord: () => ({ json: { note: 'matrix' }, headers: { 'if-match': '"1"' } }),
  lookUpRecords: () => ({ json: { records: [record] } }),
  editRecords: () => ({
    json: { operation: crypto.randomUUID(), items: [{ record, baseVersion: 1, set: { note: 'matrix' } }] },
  }),
});

const code = { code: '000000' };
const credential = { id: NOBODY, rawId: NOBODY, type: 'public-key', response: {}, clientExtensionResults: {} };

/** The same below better-auth's paths. */
const SIGN_IN_REQUESTS: Readonly<Record<string, () => unknown>> = {
  'sign-in/email': () => ({ email: newAddress(), ...password }),
  'sign-in/social': () => ({ provider: 'oidc', callbackURL: '/' }),
  'oidc/back-channel-logout': () => ({ logout_token: 'none' }),
  'device/code': () => ({ client_id: 'meldesync' }),
  'device/token': () => ({
    client_id: 'meldesync',
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    device_code: NOBODY,
  }),
  'sign-out': () => ({}),
  'two-factor/verify-totp': () => code,
  'two-factor/verify-backup-code': () => code,
  'two-factor/enable': () => password,
  'two-factor/disable': () => password,
  'two-factor/generate-backup-codes': () => password,
  'passkey/verify-authentication': () => ({ response: credential }),
  'passkey/verify-registration': () => ({ response: credential, name: 'Matrix' }),
  'passkey/update-passkey': () => ({ id: NOBODY, name: 'Matrix' }),
  'passkey/delete-passkey': () => ({ id: NOBODY }),
};

/** What a path of better-auth takes; undefined where it is none of those. */
export function signInRequest(path: string): SampleRequest | undefined {
  const json = SIGN_IN_REQUESTS[path.slice(SIGN_IN_PREFIX.length)];
  return path.startsWith(SIGN_IN_PREFIX) && json ? { json: json() } : undefined;
}
