import { adoptKey, type Database, findSessions, noteInput, type SessionRules } from '@meldesync/db';
import type { Logger } from '@meldesync/telemetry';
import type { NodeConfig } from '../config.ts';
import type { NoteInput } from '../core/identity.ts';
import type { Limits } from '../limits/limits.ts';
import { type Auth, createAuth } from './auth.ts';
import { type AuthReports, createAuthReports } from './auth-reports.ts';
import { createDeviceSecrets, type DeviceSecrets } from './device-secrets.ts';
import { createIdentify, createIdentifyMany, type Identify } from './identify.ts';
import { createInputNotes } from './input-notes.ts';
import { KnownIdentities } from './known-identities.ts';
import { allowedOrigins } from './origins.ts';
import { PasswordChecks } from './password-checks.ts';
import { renewEncryption } from './renew-encryption.ts';
import { sessionRules } from './session-limits.ts';
import { createSessionRenewal, type SessionCookieForm, type SessionRenewal } from './session-renewal.ts';
import type { SessionKeys } from './session-tokens.ts';
import { SingleSignOn } from './single-sign-on/single-sign-on.ts';

/** Who may come in, and from where. */
export interface SignIn {
  readonly auth: Auth;
  readonly authReports: AuthReports;
  readonly passwords: PasswordChecks;
  /** Whose session a request speaks for. */
  readonly identify: Identify;
  /** The same for connections, each looked up once within a short while. */
  readonly identities: KnownIdentities;
  /** Undefined where it is not set up. */
  readonly singleSignOn: SingleSignOn | undefined;
  readonly deviceSecrets: DeviceSecrets;
  readonly keys: SessionKeys;
  readonly sessionRules: SessionRules;
  readonly renewSession: SessionRenewal;
  /** Writes down that somebody was there. */
  readonly noteInput: NoteInput;
  /** The cookie that holds a session. */
  readonly sessionCookie: SessionCookieForm;
  /** Origins from which pages may call. */
  readonly origins: ReadonlySet<string>;
  /**
   * What a node does once, and does not wait for before it serves: what is encrypted with a former key is encrypted anew, and the provider
   * of single sign-on is looked at. Resolves when it is done; what fails is told, and never rejects.
   */
  begin(): Promise<void>;
}

export async function createSignIn(
  config: NodeConfig,
  { database, logger, limits }: { database: Database; logger: Logger; limits: Limits },
): Promise<SignIn> {
  const { baseUrl, trustedOrigins, authSecret: secret, previousAuthSecrets, oidc } = config;
  const { drizzle } = database;
  const { keys, rules } = sessionRules(config);
  const authReports = createAuthReports(logger);
  const passwords = new PasswordChecks();
  const singleSignOn = oidc && new SingleSignOn({ config: oidc, database, baseUrl, logger });
  const auth = createAuth({
    database,
    secret,
    previousSecrets: previousAuthSecrets,
    sessionRules: rules,
    baseUrl,
    trustedOrigins,
    oidc: singleSignOn,
    passwordPolicy: config.passwordPolicy,
    allowSignUp: false,
    requiresSecondFactor: config.requiresSecondFactor ?? false,
    passwords,
    limits,
    reports: authReports,
    onSignInFailed: ({ method, user, address }) =>
      logger.event('sign-in-refused', {
        signInMethod: method,
        ...(user !== undefined && { user }),
        ...(address && { address }),
      }),
  });
  const { name } = (await auth.$context).authCookies.sessionToken;
  const sessionCookie = { name, isSecure: baseUrl.startsWith('https:') };
  const form = { keys, cookieName: name };
  const lookUp = { ...form, findSessions: (hashes: readonly string[]) => findSessions(drizzle, hashes, rules) };
  return {
    auth,
    authReports,
    passwords,
    identify: createIdentify(lookUp),
    identities: new KnownIdentities(createIdentifyMany(lookUp)),
    keys,
    sessionRules: rules,
    renewSession: createSessionRenewal({
      keys,
      cookie: sessionCookie,
      adopt: (sessionId, keyId) => adoptKey(drizzle, sessionId, keyId),
    }),
    singleSignOn,
    noteInput: createInputNotes(
      (sessionId) => noteInput(drizzle, sessionId, rules),
      (error) => logger.event('input-unwritten', { err: error }),
    ),
    sessionCookie,
    deviceSecrets: createDeviceSecrets(keys.map((key) => key.secret)),
    origins: new Set(allowedOrigins(baseUrl, trustedOrigins)),
    begin: async () => {
      const renewed = renewEncryption(database, keys).then(
        (count) => {
          if (count > 0) logger.event('second-factors-unreadable', { count });
        },
        (error: unknown) => logger.event('encryption-unrenewed', { err: error }),
      );
      await Promise.all([renewed, singleSignOn?.lookAtProvider()]);
    },
  };
}
