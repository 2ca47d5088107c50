import type { GroupRole, SettingsOf } from '@meldesync/config';

/** Single sign-on by OpenID Connect. */
export interface OidcConfig {
  /** As the provider names itself. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What its button calls it. */
  readonly name: string;
  readonly scopes: readonly string[];
  readonly groupsClaim: string;
  readonly groupRoles: readonly GroupRole[];
  /** Group whose people administer the installation. */
  readonly adminGroup: string | undefined;
  /** Accounts are made at the first sign-in. */
  readonly isJustInTime: boolean;
  /** When an e-mail address leads to an account or an invitation. */
  readonly link: 'verified' | 'trusted' | 'off';
  /** Who signs out here is signed out there too. */
  readonly endsProviderSession: boolean;
}

/** Single sign-on as it is set; undefined where it is not. */
export function oidcConfig(settings: SettingsOf<'node'>): OidcConfig | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = settings;
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) return undefined;
  return {
    issuer,
    clientId,
    clientSecret,
    name: settings.OIDC_NAME,
    scopes: [...new Set(['openid', ...settings.OIDC_SCOPES.split(' ')])],
    groupsClaim: settings.OIDC_GROUPS_CLAIM,
    groupRoles: settings.OIDC_GROUPS ?? [],
    adminGroup: settings.OIDC_ADMIN_GROUP,
    isJustInTime: settings.OIDC_JUST_IN_TIME === 'on',
    link: settings.OIDC_LINK,
    endsProviderSession: settings.OIDC_LOGOUT === 'on',
  };
}
