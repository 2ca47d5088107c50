import { account, type Database, session, user, verification } from '@meldesync/db';
import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { bearer } from 'better-auth/plugins';
import type { AuthReports } from './auth-reports.ts';
import { allowedOrigins } from './origins.ts';
import type { PasswordChecks } from './password-checks.ts';
import { type PasswordPolicy, passwordPolicyPlugin } from './password-policy.ts';
import { RequestLimits } from './request-limits.ts';
import { singleSignOnPlugin, singleSignOnProvider } from './single-sign-on/plugin.ts';
import type { SingleSignOn } from './single-sign-on/single-sign-on.ts';

export interface AuthOptions {
  readonly database: Database;
  readonly secret: string;
  readonly baseUrl: string;
  readonly trustedOrigins: readonly string[];
  readonly oidc: SingleSignOn | undefined;
  /** Who may sign in with a password; everybody unless said otherwise. */
  readonly passwordPolicy?: PasswordPolicy;
  /** People are added by an administrator; only the set-up of the demo signs people up. */
  readonly allowSignUp: boolean;
  /** Where passwords are hashed; better-auth does it by itself where there is none. */
  readonly passwords?: Pick<PasswordChecks, 'hash' | 'verify'>;
  /** Hears that something went wrong; nobody does where there is none. */
  readonly reports?: AuthReports;
}

const DAY_MS = 24 * 60 * 60 * 1_000;
/** How long a session lasts after it was prolonged last, and how old that must be before it is prolonged by being used. */
export const SESSION_MS = 7 * DAY_MS;
export const RENEW_AFTER_MS = DAY_MS;
/** Names of cookies begin with it. */
export const COOKIE_PREFIX = 'meldesync';

/** Sign-in by better-auth on Postgres: e-mail and password, bearer tokens for terminals, OIDC where it is configured. */
export function createAuth(options: AuthOptions) {
  const { passwords } = options;
  const secure = options.baseUrl.startsWith('https:');
  return betterAuth({
    appName: 'MeldeSync',
    secret: options.secret,
    baseURL: options.baseUrl,
    basePath: '/api/auth',
    trustedOrigins: allowedOrigins(options.baseUrl, options.trustedOrigins),
    database: drizzleAdapter(options.database.drizzle, {
      provider: 'pg',
      schema: { user, session, account, verification },
    }),
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
    session: { expiresIn: SESSION_MS / 1_000, updateAge: RENEW_AFTER_MS / 1_000 },
    advanced: {
      useSecureCookies: secure,
      cookiePrefix: COOKIE_PREFIX,
      // The transport sets this header itself from the connection, whatever the client sent.
      ipAddress: { ipAddressHeaders: ['x-real-ip'] },
    },
    rateLimit: {
      enabled: true,
      window: 10,
      max: 200,
      customRules: {
        '/sign-in/email': { window: 60, max: 30 },
        // A hospital is one address, and to begin single sign-on costs little.
        '/sign-in/social': { window: 10, max: 200 },
      },
      customStorage: new RequestLimits(),
    },
    telemetry: { enabled: false },
    // Its spans tell of errors as they are, with the parameters of the statement: e-mail addresses and tokens.
    experimental: { instrumentation: { enabled: false } },
    logger: options.reports?.logger ?? { disabled: true },
    // An error that is no answer would be printed as it is, with the parameters of its statement. Whom a hospital's provider does
    // not let in is back where people sign in.
    onAPIError: { throw: true, errorURL: `${options.baseUrl}/sign-in` },
    plugins: [
      bearer(),
      passwordPolicyPlugin(options.passwordPolicy ?? 'on', options.database),
      singleSignOnPlugin(options.oidc),
      singleSignOnProvider(options.oidc),
    ],
  });
}

export type Auth = ReturnType<typeof createAuth>;
