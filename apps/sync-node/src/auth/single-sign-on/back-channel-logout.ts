import { type Database, endProviderSessions } from '@meldesync/db';
import type { Logger } from '@meldesync/telemetry';
import { errors, jwtVerify } from 'jose';
import { z } from 'zod';
import type { OidcConfig } from './oidc-config.ts';
import type { ProviderDiscovery } from './provider-discovery.ts';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
/** A logout token is used at once; an older one was kept by somebody. */
const MAX_AGE_SECONDS = 120;
const CLOCK_TOLERANCE_SECONDS = 30;

/** What a logout token says beside what `jwtVerify` looks at (OpenID Connect Back-Channel Logout 1.0 §2.4 and §2.6). */
const logoutClaims = z
  .object({
    iss: z.string(),
    sub: z.string().min(1).optional(),
    sid: z.string().min(1).optional(),
    iat: z.number(),
    jti: z.string().min(1),
    events: z.object({ [EVENT]: z.looseObject({}) }),
    // One that has a nonce is an ID token.
    nonce: z.never().optional(),
  })
  .refine(({ sub, sid }) => sub !== undefined || sid !== undefined);

interface LogoutOptions {
  readonly config: OidcConfig;
  readonly database: Database;
  readonly logger: Logger;
  readonly discovery: ProviderDiscovery;
}

/**
 * Takes a provider's word that somebody has signed out there, and ends their sessions here at once. A token that comes twice ends
 * nothing more: what began after it goes on. Rejects where the provider's keys or Postgres cannot be asked.
 */
export async function receiveLogout(request: Request, options: LogoutOptions): Promise<Response> {
  const token = new URLSearchParams(await request.text()).get('logout_token');
  const claims = token === null ? undefined : await verify(token, options);
  if (!claims) {
    options.logger.event('provider-logout-refused', {});
    return answer(400, { error: 'invalid_request' });
  }
  const count = await endProviderSessions(options.database, {
    issuer: claims.iss,
    subject: claims.sub,
    providerSession: claims.sid,
    until: new Date((claims.iat + CLOCK_TOLERANCE_SECONDS) * 1_000),
  });
  options.logger.event('provider-logout', { count });
  return answer(200);
}

async function verify(token: string, { config, discovery }: LogoutOptions) {
  const provider = await discovery.known();
  try {
    const { payload, protectedHeader } = await jwtVerify(token, provider.keys, {
      issuer: provider.issuer,
      audience: config.clientId,
      algorithms: [...provider.algorithms],
      requiredClaims: ['iat', 'jti'],
      maxTokenAge: MAX_AGE_SECONDS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    });
    // Providers of before that was said write `JWT`, or nothing.
    const type = protectedHeader.typ?.toLowerCase() ?? 'jwt';
    return type === 'jwt' || type === 'logout+jwt' ? logoutClaims.safeParse(payload).data : undefined;
  } catch (error) {
    // That the keys could not be fetched is no fault of the token.
    if (error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout)) return undefined;
    throw error;
  }
}

function answer(status: number, body?: object): Response {
  return new Response(body ? JSON.stringify(body) : null, {
    status,
    headers: { 'cache-control': 'no-store', ...(body ? { 'content-type': 'application/json' } : {}) },
  });
}
