import { providerAccountId, SINGLE_SIGN_ON } from '@meldesync/db';
import { isOwnPath, SHARED_HEADER } from '@meldesync/protocol';
import type { BetterAuthPlugin } from 'better-auth';
import { APIError, createAuthMiddleware, getSessionFromCtx } from 'better-auth/api';
import { type GenericOAuthConfig, genericOAuth } from 'better-auth/plugins';
import { z } from 'zod';
import { askedOf } from '../auth-request.ts';
import { discoveryUrl } from './provider-discovery.ts';
import type { SingleSignOn } from './single-sign-on.ts';

const BEGIN = '/sign-in/social';
const SIGN_OUT = '/sign-out';

/** All that may be asked for: better-auth would also take an ID token from whoever holds one, scopes, and where errors go. */
const begun = z.strictObject({
  provider: z.literal(SINGLE_SIGN_ON),
  // A path of this application.
  callbackURL: z.string().max(2_000).refine(isOwnPath),
  disableRedirect: z.boolean().optional(),
});

/** What better-auth is told of single sign-on; stands before `singleSignOnProvider`. */
export function singleSignOnPlugin(singleSignOn: SingleSignOn | undefined) {
  return {
    id: 'meldesync-single-sign-on',
    schema: {
      session: {
        fields: {
          providerSession: { type: 'string', required: false, input: false, returned: false },
          providerToken: { type: 'string', required: false, input: false, returned: false },
        },
      },
    },
    init: () => ({
      options: {
        databaseHooks: {
          session: {
            create: {
              before: async (session) => {
                const flow = askedOf()?.flow;
                if (flow?.idToken === undefined) return undefined;
                const { idToken: providerToken, providerSession = null } = flow;
                return { data: { ...session, providerToken, providerSession } };
              },
            },
          },
        },
      },
    }),
    hooks: {
      before: [
        {
          matcher: ({ path }) => path === BEGIN,
          handler: createAuthMiddleware(async ({ body, headers }) => {
            const read = begun.safeParse(body);
            if (!read.success) throw new APIError('BAD_REQUEST');
            await singleSignOn?.requireProvider();
            // Where others work too, the provider is not to let the next one in as the one before.
            if (headers?.get(SHARED_HEADER) !== '1') return;
            return { context: { body: { ...read.data, additionalParams: { prompt: 'login' } } } };
          }),
        },
        {
          matcher: ({ path }) => path === SIGN_OUT,
          handler: createAuthMiddleware(async (ctx) => {
            const found = singleSignOn && (await getSessionFromCtx(ctx));
            if (found) await singleSignOn.prepareLogout(found.session.id);
          }),
        },
      ],
      after: [
        {
          matcher: ({ path }) => path === SIGN_OUT,
          handler: createAuthMiddleware(async (ctx) => {
            const url = askedOf()?.flow.endSessionUrl;
            // The page goes there itself, once it has removed what it kept.
            return url === undefined ? undefined : ctx.json({ success: true, url, redirect: false });
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin;
}

/** better-auth's own flow with the provider. */
export function singleSignOnProvider(singleSignOn: SingleSignOn | undefined) {
  if (!singleSignOn) return genericOAuth({ config: [] });
  const { issuer, clientId, clientSecret, scopes } = singleSignOn.config;
  const config: GenericOAuthConfig = {
    providerId: SINGLE_SIGN_ON,
    discoveryUrl: discoveryUrl(issuer),
    // With headers better-auth follows nobody to another host.
    discoveryHeaders: { accept: 'application/json' },
    clientId,
    clientSecret,
    scopes: [...scopes],
    pkce: true,
    requireIdTokenVerification: true,
    disableSignUp: true,
    // Ours knows which session it is about.
    disableProviderLogout: true,
    accountSubject: ({ profile }) => providerAccountId({ issuer: String(profile.iss), subject: String(profile.sub) }),
    getUserInfo: async (tokens) => {
      const claims = await singleSignOn.claimsOf(tokens);
      return claims && { ...claims, emailVerified: false };
    },
    mapProfileToUser: async (claims) => ({ email: await singleSignOn.admit(claims) }),
  };
  const plugin = genericOAuth({ config: [config] });
  return {
    ...plugin,
    // It would ask the provider before anybody can sign in, for as long as the provider takes. It asks when it is needed.
    init: async (ctx) => ({
      context: {
        socialProviders: ctx.socialProviders,
        genericOAuthPendingDiscovery: new Map([[SINGLE_SIGN_ON, config]]),
      },
    }),
  } satisfies typeof plugin;
}
