import type { ProviderPerson } from '@meldesync/db';
import { emailAddress, MAX_NAME_LENGTH, personName } from '@meldesync/domain';
import { decodeJwt } from 'jose';
import { z } from 'zod';
import type { OidcConfig } from './oidc-config.ts';
import type { Provider } from './provider-discovery.ts';

/** How long the provider may take to say more about a person. */
const LIMIT_MS = 5_000;

/** Claims of an ID token, and what the provider's userinfo adds to them. */
export type Claims = Readonly<Record<string, unknown>>;

/**
 * The claims of an ID token whose signature, issuer, audience, end and nonce have been looked at; undefined where it is for
 * another party all the same (OpenID Connect Core 1.0 §3.1.3.7, 4 and 5).
 */
export function claimsOf(idToken: string, clientId: string): Claims | undefined {
  const claims: Claims = decodeJwt(idToken);
  const { azp, aud } = claims;
  if (azp === undefined ? Array.isArray(aud) && aud.length > 1 : azp !== clientId) return undefined;
  return claims;
}

/** Claims with what userinfo adds, where the ID token leaves out something that we need; what is signed counts. */
export async function completeClaims(
  claims: Claims,
  given: { provider: Provider; config: OidcConfig; accessToken: string | undefined },
): Promise<Claims> {
  const { provider, config, accessToken } = given;
  const needed = ['email', 'email_verified', 'name', ...(usesGroups(config) ? [config.groupsClaim] : [])];
  if (needed.every((name) => claims[name] !== undefined)) return claims;
  if (provider.userInfoUrl === undefined || accessToken === undefined) return claims;
  const response = await fetch(provider.userInfoUrl, {
    headers: { authorization: `Bearer ${accessToken}`, accept: 'application/json' },
    redirect: 'manual',
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  if (!response.ok || !response.headers.get('content-type')?.startsWith('application/json')) return claims;
  const more = z.record(z.string(), z.unknown()).safeParse(await response.json());
  // Userinfo of somebody else must not be used (§5.3.2).
  return more.success && more.data['sub'] === claims['sub'] ? { ...more.data, ...claims } : claims;
}

function usesGroups({ groupRoles, adminGroup }: OidcConfig): boolean {
  return groupRoles.length > 0 || adminGroup !== undefined;
}

const text = z.string().optional().catch(undefined);
const personClaims = z.object({
  sub: z.string().min(1).max(255),
  iss: z.string(),
  email: text,
  email_verified: z
    .union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')])
    .optional()
    .catch(false),
  name: text,
  given_name: text,
  family_name: text,
  preferred_username: text,
});

/** Who the claims are about; undefined where they do not say. */
export function personOf(claims: Claims, config: OidcConfig): ProviderPerson | undefined {
  const read = personClaims.safeParse(claims);
  if (!read.success) return undefined;
  const { sub, iss, email, email_verified: isVerified, name, given_name: first, family_name: last } = read.data;
  const address = email === undefined ? undefined : emailAddress(email);
  const names = [name, [first, last].filter(Boolean).join(' '), read.data.preferred_username, address?.split('@')[0]];
  return {
    issuer: iss,
    subject: sub,
    email: address,
    isEmailTrusted: address !== undefined && (isVerified ?? config.link === 'trusted'),
    // Nobody has an account without an address.
    name:
      names.flatMap((candidate) => personName(candidate ?? '') ?? [])[0] ?? address?.slice(0, MAX_NAME_LENGTH) ?? '',
    groups: groupsIn(claims, config),
  };
}

/** As a list, or as one name; a provider that names too many elsewhere names none. */
function groupsIn(claims: Claims, { groupsClaim }: OidcConfig): string[] {
  const claim = claims[groupsClaim];
  if (typeof claim === 'string') return [claim];
  return Array.isArray(claim) ? claim.filter((group) => typeof group === 'string') : [];
}

/** Whether the groups are said to be elsewhere (Entra ID, with more than 200): nothing is known of them then. */
export function hidesGroups(claims: Claims, { groupsClaim }: OidcConfig): boolean {
  const names = claims['_claim_names'];
  return (
    claims['hasgroups'] === true || (typeof names === 'object' && names !== null && Object.hasOwn(names, groupsClaim))
  );
}
