import { createRequest } from '@meldesync/client';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import { z } from 'zod';
import { getPreferences } from '../preferences/preferences.ts';
import { api, apiOptions, errorCodeOf } from './api.ts';

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** What one signs in with, as better-auth answers it. */
const answers = {
  any: z.unknown(),
  person: z.object({ user: z.object({ id: z.string() }) }),
  session: z.object({ user: z.object({ twoFactorEnabled: z.boolean().nullish() }) }),
  begun: z.object({ totpURI: z.string(), backupCodes: z.array(z.string()) }),
  recoveryCodes: z.object({ backupCodes: z.array(z.string()) }),
  /** What the browser is asked to make, or to show. */
  creation: z.custom<PublicKeyCredentialCreationOptionsJSON>(isObject),
  request: z.custom<PublicKeyCredentialRequestOptionsJSON>(isObject),
  passkeys: z.array(z.object({ id: z.string(), name: z.string().nullish(), createdAt: z.string().nullish() })),
};

export interface OwnPasskey {
  readonly id: string;
  readonly name: string;
  /** ISO 8601; null where that is not known. */
  readonly createdAt: string | null;
}

/** What somebody has beside their password. */
export interface SecondFactors {
  readonly hasCodes: boolean;
  /** How many recovery codes are still good; null where that is not known. */
  readonly recoveryCodesLeft: number | null;
  readonly passkeys: readonly OwnPasskey[];
}

/** One-time codes that are not confirmed yet. */
export interface BegunCodes {
  /** `otpauth://…`, for an authenticator app. */
  readonly uri: string;
  readonly recoveryCodes: readonly string[];
}

const send = () => createRequest({ ...apiOptions(getPreferences().language), prefix: '/api/auth' });
const post = (json: unknown) => ({ method: 'POST' as const, json });

export async function secondFactors(signal?: AbortSignal): Promise<SecondFactors> {
  const request = send();
  const [session, listed] = await Promise.all([
    request(answers.session, '/get-session', { signal }),
    request(answers.passkeys, '/passkey/list-user-passkeys', { signal }),
  ]);
  const passkeys = listed.map(({ id, name, createdAt }) => ({ id, name: name ?? '', createdAt: createdAt ?? null }));
  const hasCodes = session.user.twoFactorEnabled === true;
  return { hasCodes, recoveryCodesLeft: hasCodes ? await countRecoveryCodes(signal) : null, passkeys };
}

/** How many recovery codes are still good; null where a node of the release before does not say. */
export async function countRecoveryCodes(signal?: AbortSignal): Promise<number | null> {
  try {
    return await api().recoveryCodesLeft({ signal });
  } catch (error) {
    if (errorCodeOf(error) === 'not-found') return null;
    throw error;
  }
}

/** Begins one-time codes; they are asked for from `confirmCodes` on. Rejects with `password-wrong`. */
export async function beginCodes(password: string): Promise<BegunCodes> {
  const { totpURI, backupCodes } = await send()(answers.begun, '/two-factor/enable', post({ password }));
  return { uri: totpURI, recoveryCodes: backupCodes };
}

/** The first code of the app. The session of this browser is another from then on. Rejects with `code-wrong`. */
export async function confirmCodes(code: string): Promise<void> {
  await send()(answers.any, '/two-factor/verify-totp', post({ code }));
}

export async function endCodes(password: string): Promise<void> {
  await send()(answers.any, '/two-factor/disable', post({ password }));
}

/** New recovery codes; the old ones open nothing any more. */
export async function renewRecoveryCodes(password: string): Promise<readonly string[]> {
  const answer = await send()(answers.recoveryCodes, '/two-factor/generate-backup-codes', post({ password }));
  return answer.backupCodes;
}

/** The second step of signing in, with the code of the app or a recovery code; resolves with the person's id. */
export async function enterCode(
  code: string,
  kind: 'code' | 'recovery',
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  const path = kind === 'code' ? '/two-factor/verify-totp' : '/two-factor/verify-backup-code';
  return (await send()(answers.person, path, { ...post({ code }), headers })).user.id;
}

/** Makes a passkey on this device or a key of its own, and names it. Rejects with `WebAuthnError` where the browser made none. */
export async function addPasskey(name: string): Promise<void> {
  const request = send();
  const { startRegistration } = await import('@simplewebauthn/browser');
  const optionsJSON = await request(answers.creation, '/passkey/generate-register-options');
  const response = await startRegistration({ optionsJSON });
  await request(answers.any, '/passkey/verify-registration', post({ response, name }));
}

export async function renamePasskey(id: string, name: string): Promise<void> {
  await send()(answers.any, '/passkey/update-passkey', post({ id, name }));
}

export async function removePasskey(id: string): Promise<void> {
  await send()(answers.any, '/passkey/delete-passkey', post({ id }));
}

interface PasskeySignIn {
  /** Offered where an address is typed, and not at once. */
  readonly isAutofill: boolean;
  /** What every sign-in carries, asked for when the passkey is there. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
}

/** Signs in by a passkey; resolves with the person's id. Rejects with `WebAuthnError` where none was chosen. */
export async function signInByPasskey({ isAutofill, headers }: PasskeySignIn): Promise<string> {
  const request = send();
  const { startAuthentication } = await import('@simplewebauthn/browser');
  const optionsJSON = await request(answers.request, '/passkey/generate-authenticate-options');
  const response = await startAuthentication({ optionsJSON, useBrowserAutofill: isAutofill });
  const sent = { ...post({ response }), headers: await headers() };
  return (await request(answers.person, '/passkey/verify-authentication', sent)).user.id;
}

/** Whether the browser knows passkeys at all: on pages by https, and on this machine. */
export function knowsPasskeys(): boolean {
  return typeof globalThis.PublicKeyCredential === 'function';
}

/** Whether it offers them where an address is typed. */
export async function offersPasskeys(): Promise<boolean> {
  if (!knowsPasskeys()) return false;
  const { browserSupportsWebAuthnAutofill } = await import('@simplewebauthn/browser');
  return browserSupportsWebAuthnAutofill();
}

/** The browser no longer waits for a passkey. */
export async function cancelPasskey(): Promise<void> {
  const { WebAuthnAbortService } = await import('@simplewebauthn/browser');
  WebAuthnAbortService.cancelCeremony();
}
