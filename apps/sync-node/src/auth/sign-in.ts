import { type Database, findSessions } from '@meldesync/db';
import type { Logger } from '@meldesync/telemetry';
import type { NodeConfig } from '../config.ts';
import { type Auth, createAuth } from './auth.ts';
import { type AuthReports, createAuthReports } from './auth-reports.ts';
import { authenticate } from './authenticate.ts';
import { createDeviceSecrets, type DeviceSecrets } from './device-secrets.ts';
import { createIdentify } from './identify.ts';
import { KnownIdentities } from './known-identities.ts';
import { allowedOrigins } from './origins.ts';
import { PasswordChecks } from './password-checks.ts';
import { SingleSignOn } from './single-sign-on/single-sign-on.ts';

/** Who may come in, and from where. */
export interface SignIn {
  readonly auth: Auth;
  readonly authReports: AuthReports;
  readonly passwords: PasswordChecks;
  readonly identities: KnownIdentities;
  /** Undefined where it is not set up. */
  readonly singleSignOn: SingleSignOn | undefined;
  readonly deviceSecrets: DeviceSecrets;
  /** Origins from which pages may call. */
  readonly origins: ReadonlySet<string>;
}

export function createSignIn(config: NodeConfig, database: Database, logger: Logger): SignIn {
  const { baseUrl, trustedOrigins, authSecret: secret, oidc } = config;
  const authReports = createAuthReports(logger);
  const passwords = new PasswordChecks();
  const singleSignOn = oidc && new SingleSignOn({ config: oidc, database, baseUrl, logger });
  const auth = createAuth({
    database,
    secret,
    baseUrl,
    trustedOrigins,
    oidc: singleSignOn,
    passwordPolicy: config.passwordPolicy,
    allowSignUp: false,
    passwords,
    reports: authReports,
  });
  const identities = new KnownIdentities(
    createIdentify({
      secret,
      findSessions: (tokens) => findSessions(database.drizzle, tokens),
      authenticate: (headers) => authenticate(auth, headers),
    }),
  );
  const origins = new Set(allowedOrigins(baseUrl, trustedOrigins));
  return {
    auth,
    authReports,
    passwords,
    identities,
    singleSignOn,
    deviceSecrets: createDeviceSecrets([secret]),
    origins,
  };
}
