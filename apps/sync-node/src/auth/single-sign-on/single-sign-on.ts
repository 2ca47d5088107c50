import { ActRefusedError, admitProviderPerson, type Database, findProviderToken } from '@meldesync/db';
import type { Logger } from '@meldesync/telemetry';
import { CodedError } from '../../coded-error.ts';
import { askedOf } from '../auth-request.ts';
import { receiveLogout } from './back-channel-logout.ts';
import { backFromProvider } from './back-from-provider.ts';
import type { OidcConfig } from './oidc-config.ts';
import { type Claims, claimsOf, completeClaims, hidesGroups, personOf } from './provider-claims.ts';
import { ProviderDiscovery, SingleSignOnUnavailableError } from './provider-discovery.ts';

export interface SingleSignOnOptions {
  readonly config: OidcConfig;
  readonly database: Database;
  readonly baseUrl: string;
  readonly logger: Logger;
}

/** What somebody came back from the provider with. */
interface ProviderTokens {
  readonly idToken?: string | undefined;
  readonly accessToken?: string | undefined;
}

/**
 * Single sign-on by OpenID Connect, as far as better-auth leaves it to us: who is let in and what they may, whether the provider is what
 * it should be, and signing out in both directions. better-auth does state, PKCE, nonce, the exchange of the code and the ID token's
 * signature.
 */
export class SingleSignOn {
  readonly config: OidcConfig;
  readonly discovery: ProviderDiscovery;
  readonly #options: SingleSignOnOptions;

  constructor(options: SingleSignOnOptions) {
    this.config = options.config;
    this.discovery = new ProviderDiscovery(options.config.issuer);
    this.#options = options;
  }

  /** Throws `SingleSignOnUnavailableError`, and logs it. */
  async requireProvider(): Promise<void> {
    try {
      await this.discovery.find();
    } catch (error) {
      this.#tellUnavailable(error);
      throw error;
    }
  }

  /** Looks at the provider, so that a wrong setting is told before somebody wants to sign in. Never rejects. */
  async lookAtProvider(): Promise<void> {
    await this.requireProvider().catch(() => undefined);
  }

  /** What a verified ID token and userinfo say; null where that is no sign-in here. */
  async claimsOf({ idToken, accessToken }: ProviderTokens): Promise<Claims | null> {
    const { config } = this;
    // Userinfo alone would be bound to nothing that this sign-in began with.
    const claims = idToken === undefined ? undefined : claimsOf(idToken, config.clientId);
    if (idToken === undefined || claims === undefined) return null;
    const flow = askedOf()?.flow;
    if (flow) {
      flow.idToken = idToken;
      if (typeof claims['sid'] === 'string') flow.providerSession = claims['sid'];
    }
    return completeClaims(claims, { provider: await this.discovery.known(), config, accessToken });
  }

  /** Lets somebody in, or throws what they are told. Their address here, which need not be the provider's. */
  async admit(claims: Claims): Promise<string> {
    const { config } = this;
    const { database, logger } = this.#options;
    const person = personOf(claims, config);
    if (!person) throw new CodedError('sso-failed', 'the claims do not say who it is');
    const { groupRoles, adminGroup, isJustInTime, link } = config;
    try {
      const admitted = await admitProviderPerson(database, {
        person,
        policy: { groupRoles, adminGroup, isJustInTime, linksByEmail: link !== 'off' },
        address: askedOf()?.address ?? null,
      });
      const { userId: user } = admitted;
      for (const reason of trouble(admitted, hidesGroups(claims, config)))
        logger.event('groups-not-followed', { user, reason });
      return admitted.email;
    } catch (error) {
      if (!(error instanceof ActRefusedError)) throw error;
      throw new CodedError(error.code, 'the person is not let in');
    }
  }

  /** Notes where the provider ends the session that this one was begun with, if it offers that. */
  async prepareLogout(sessionId: string): Promise<void> {
    const flow = askedOf()?.flow;
    const { config, discovery } = this;
    if (!flow || !config.endsProviderSession) return;
    const idToken = await findProviderToken(this.#options.database.drizzle, sessionId);
    if (idToken === undefined) return;
    const provider = await discovery.find().catch((error: unknown) => {
      // Signing out here must not depend on it.
      this.#tellUnavailable(error);
    });
    if (!provider?.endSessionUrl) return;
    const url = new URL(provider.endSessionUrl);
    url.searchParams.set('id_token_hint', idToken);
    url.searchParams.set('client_id', config.clientId);
    url.searchParams.set('post_logout_redirect_uri', `${this.#options.baseUrl}/sign-in`);
    flow.endSessionUrl = url.href;
  }

  /** The provider says that somebody has signed out there. */
  receiveLogout(request: Request): Promise<Response> {
    return receiveLogout(request, { ...this.#options, discovery: this.discovery });
  }

  /** An answer to who comes back from the provider: where it is an error, the page for signing in says so in words of ours. */
  backFromProvider(answer: Response): Response {
    return backFromProvider(answer, this.#options);
  }

  #tellUnavailable(error: unknown): void {
    const reason = error instanceof SingleSignOnUnavailableError ? error.message : 'it could not be asked';
    this.#options.logger.event('single-sign-on-unavailable', { reason });
  }
}

function trouble(
  admitted: { unknownWorkspaces: readonly string[]; isLastAdministrator: boolean },
  hasHiddenGroups: boolean,
): string[] {
  return [
    ...(admitted.unknownWorkspaces.length > 0 ? ['OIDC_GROUPS names a workspace that is not there, or twice'] : []),
    ...(admitted.isLastAdministrator ? ['nobody else would be left who may administer'] : []),
    ...(hasHiddenGroups ? ['the provider names the groups elsewhere: let it name only those of this application'] : []),
  ];
}
