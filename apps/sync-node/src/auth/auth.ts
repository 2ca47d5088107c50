import {
  account,
  type Database,
  deviceCode,
  passkey,
  type SessionRules,
  session,
  twoFactor,
  user,
  verification,
} from '@meldesync/db';
import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { bearer } from 'better-auth/plugins';
import type { Limits } from '../limits/limits.ts';
import { ADDRESS_HEADER } from './address-of.ts';
import type { AuthReports } from './auth-reports.ts';
import { cookiePrefix } from './cookie-prefix.ts';
import { terminalSignIn } from './device-authorization.ts';
import { limitedTries } from './limited-tries.ts';
import { allowedOrigins } from './origins.ts';
import { passkeys } from './passkeys.ts';
import type { PasswordChecks } from './password-checks.ts';
import { type PasswordPolicy, passwordPolicyPlugin } from './password-policy.ts';
import { secondFactorPlugin } from './second-factor-policy.ts';
import { sessionAdapter } from './session-adapter.ts';
import { sessionBegin } from './session-begin.ts';
import { encryptionKeys, sessionKeys } from './session-tokens.ts';
import { type FailedSignIn, signInRecord } from './sign-in-record.ts';
import { singleSignOnPlugin, singleSignOnProvider } from './single-sign-on/plugin.ts';
import type { SingleSignOn } from './single-sign-on/single-sign-on.ts';
import { oneTimePasswords } from './two-factor.ts';

export interface AuthOptions {
  readonly database: Database;
  readonly secret: string;
  /** What signed sessions before, and still may. */
  readonly previousSecrets?: readonly string[];
  /** How long sessions last; a week when absent. */
  readonly sessionRules?: SessionRules;
  readonly baseUrl: string;
  readonly trustedOrigins: readonly string[];
  readonly oidc: SingleSignOn | undefined;
  /** Who may sign in with a password; everybody unless said otherwise. */
  readonly passwordPolicy?: PasswordPolicy;
  /** People are added by an administrator; only the set-up of the demo signs people up. */
  readonly allowSignUp: boolean;
  /** Nobody gets anywhere with a password alone. */
  readonly requiresSecondFactor?: boolean;
  /** Where passwords are hashed; better-auth does it by itself where there is none. */
  readonly passwords?: Pick<PasswordChecks, 'hash' | 'verify'>;
  /** How often secrets may be tried; as often as one likes where there is none. */
  readonly limits?: Pick<Limits, 'tries' | 'devices'>;
  /** Hears that something went wrong; nobody does where there is none. */
  readonly reports?: AuthReports;
  /** Hears that somebody could not prove who they are. */
  readonly onSignInFailed?: (failed: FailedSignIn) => void;
}

const WEEK_MS = 7 * 24 * 60 * 60 * 1_000;

/** Sign-in by better-auth on Postgres: e-mail and password, bearer tokens for terminals, OIDC where it is configured. */
export function createAuth(options: AuthOptions) {
  const { passwords, sessionRules } = options;
  const keys = sessionKeys(options.secret, options.previousSecrets);
  const isSecure = options.baseUrl.startsWith('https:');
  return betterAuth({
    appName: 'MeldeSync',
    secret: options.secret,
    secrets: encryptionKeys(keys),
    baseURL: options.baseUrl,
    basePath: '/api/auth',
    trustedOrigins: allowedOrigins(options.baseUrl, options.trustedOrigins),
    database: sessionAdapter(options.database.drizzle, (executor) =>
      drizzleAdapter(executor, {
        provider: 'pg',
        schema: { user, session, account, verification, twoFactor, passkey, deviceCode },
      }),
    ),
    emailAndPassword: {
      enabled: true,
      disableSignUp: !options.allowSignUp,
      minPasswordLength: 10,
      ...(passwords && {
        password: { hash: (text) => passwords.hash(text), verify: (given) => passwords.verify(given) },
      }),
    },
    // Nobody here uses what the provider's tokens open, and a copy of the tables is not to.
    account: { updateAccountOnSignIn: false },
    // Nothing prolongs a session: it ends so long after it began, or sooner (`SessionRules`). How old one is hinders nothing.
    session: {
      expiresIn: Math.ceil((sessionRules?.maxMs ?? WEEK_MS) / 1_000),
      disableSessionRefresh: true,
      freshAge: 0,
    },
    advanced: {
      // The prefix that it would put before a name by itself is the weaker one, which other hosts of the same domain may use too.
      useSecureCookies: false,
      cookiePrefix: cookiePrefix(isSecure),
      defaultCookieAttributes: { secure: isSecure },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
    },
    // What is tried and how often is limited by us (`limits/`): by account, and over all nodes.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    // Its spans tell of errors as they are, with the parameters of the statement: e-mail addresses and tokens.
    experimental: { instrumentation: { enabled: false } },
    logger: options.reports?.logger ?? { disabled: true },
    // An error that is no answer would be printed as it is, with the parameters of its statement. Whom a hospital's provider does
    // not let in is back where people sign in.
    onAPIError: { throw: true, errorURL: `${options.baseUrl}/sign-in` },
    plugins: [
      bearer({ requireSignature: true }),
      sessionBegin({ database: options.database, keys, rules: sessionRules, isSecure }),
      terminalSignIn(options.baseUrl, options.database),
      passwordPolicyPlugin(options.passwordPolicy ?? 'on', options.database),
      ...(options.limits ? [limitedTries(options.limits, options.database)] : []),
      ...(options.requiresSecondFactor ? [secondFactorPlugin(options.database)] : []),
      singleSignOnPlugin(options.oidc),
      singleSignOnProvider(options.oidc),
      oneTimePasswords(),
      passkeys(options.baseUrl, options.trustedOrigins),
      signInRecord(options.database, {
        onFailed: options.onSignInFailed ?? (() => {}),
        requiresSecondFactor: options.requiresSecondFactor ?? false,
        tries: options.limits?.tries,
      }),
    ],
  });
}

export type Auth = ReturnType<typeof createAuth>;
