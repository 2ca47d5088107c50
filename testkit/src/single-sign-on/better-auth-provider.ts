import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { oauthProvider } from '@better-auth/oauth-provider';
import type { NodeConfig } from '@meldesync/sync-node';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { jwt } from 'better-auth/plugins';
import { decodeJwt, type JWTPayload } from 'jose';
import { freePort } from '../free-port.ts';
import { DEFAULTS } from './test-provider.ts';

type OidcConfig = NonNullable<NodeConfig['oidc']>;

/** What the provider tells of somebody. */
interface BetterAuthPerson {
  readonly name: string;
  readonly emailVerified: boolean;
  readonly groups: readonly string[];
}

/** How an ID token is changed on its way; `sign` does it with the provider's own key. */
type ChangeIdToken = (claims: JWTPayload, sign: (claims: JWTPayload) => Promise<string>) => Promise<string>;

/** better-auth's own OpenID Connect provider (`@better-auth/oauth-provider`) on this machine, with people in memory. */
export interface BetterAuthProvider extends AsyncDisposable {
  readonly issuer: string;
  /** Somebody who signs in there by their address. */
  addPerson(email: string, person?: Partial<BetterAuthPerson>): Promise<void>;
  /** What is changed holds from the next sign-in on. */
  changePerson(email: string, changes: Partial<BetterAuthPerson>): Promise<void>;
  /** What a node is told of it; the provider from then on knows that node as its client. */
  configFor(baseUrl: string, changes?: Partial<OidcConfig>): OidcConfig;
  /** Hands out other ID tokens than its own; its own where it is undefined. */
  changeIdToken: ChangeIdToken | undefined;
}

const CLIENT = { clientId: 'meldesync', clientSecret: 'a-secret-of-the-better-auth-provider' };
const PASSWORD = 'the password of everybody there';
const TABLES = ['user', 'session', 'account', 'verification', 'jwks', 'rateLimit'];
const PROVIDER_TABLES = ['Client', 'Resource', 'ClientResource', 'RefreshToken', 'AccessToken', 'Consent'];

/** Starts one, as somebody would who follows its documentation: e-mail and `groups` are told in userinfo, what is signed by Ed25519. */
export async function startBetterAuthProvider(): Promise<BetterAuthProvider> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const auth = createProviderAuth(origin);
  let registered: Promise<void> | undefined;
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    await registered;
    const asked = await webRequest(request, origin);
    const given = new URL(asked.url).pathname === '/login' ? await logIn(auth, asked) : await auth.handler(asked);
    const isToken = asked.url.endsWith('/oauth2/token') && given.ok && provider.changeIdToken !== undefined;
    const told = isToken ? await withOtherIdToken(auth, given, provider.changeIdToken) : given;
    const headers = [...told.headers].filter(([name]) => name !== 'set-cookie').flat();
    for (const cookie of told.headers.getSetCookie()) headers.push('set-cookie', cookie);
    response.writeHead(told.status, headers).end(Buffer.from(await told.arrayBuffer()));
  };
  const changePerson = async (email: string, changes: Partial<BetterAuthPerson>) => {
    const { internalAdapter } = await auth.$context;
    await internalAdapter.updateUserByEmail(email, changes);
  };
  const provider: BetterAuthProvider = {
    issuer: `${origin}/api/auth`,
    addPerson: async (email, { name = 'Person', emailVerified = true, groups = [] } = {}) => {
      await auth.api.signUpEmail({ body: { email, password: PASSWORD, name } });
      await changePerson(email, { emailVerified, groups });
    },
    changePerson,
    configFor: (baseUrl, changes = {}) => {
      registered = register(auth, baseUrl);
      return { ...CLIENT, ...DEFAULTS, issuer: provider.issuer, ...changes };
    },
    changeIdToken: undefined,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return provider;
}

type ProviderAuth = ReturnType<typeof createProviderAuth>;

function createProviderAuth(origin: string) {
  const tables = [...TABLES, ...PROVIDER_TABLES.map((name) => `oauth${name}`), 'oauthClientAssertion'];
  return betterAuth({
    baseURL: origin,
    secret: 'a secret of the provider, of thirty-two characters and more',
    database: memoryAdapter(Object.fromEntries(tables.map((name) => [name, []]))),
    telemetry: { enabled: false },
    emailAndPassword: {
      enabled: true,
      autoSignIn: false,
      // A hash that is worth something would take a while for each.
      password: { hash: async (text) => text, verify: async ({ hash, password }) => hash === password },
    },
    user: { additionalFields: { groups: { type: 'string[]', required: false, input: false } } },
    plugins: [
      jwt({ disableSettingJwtHeader: true }),
      oauthProvider({
        loginPage: '/login',
        consentPage: '/consent',
        generateClientId: () => CLIENT.clientId,
        generateClientSecret: () => CLIENT.clientSecret,
        customUserInfoClaims: ({ user }) => ({ groups: user['groups'] ?? [] }),
      }),
    ],
  });
}

/** Registers a node as its administrator would, and then where it really is: the provider registers no loopback address for a web application. */
async function register(auth: ProviderAuth, baseUrl: string): Promise<void> {
  const administrator = { email: 'it@provider.example', password: PASSWORD };
  await auth.api.signUpEmail({ body: { ...administrator, name: 'IT' } });
  const signedIn = await auth.api.signInEmail({ body: administrator, asResponse: true });
  const cookie = signedIn.headers.getSetCookie().map((line) => line.split(';')[0]);
  const registered = addressesOf('https://meldesync.example');
  await auth.api.adminCreateOAuthClient({
    headers: new Headers({ cookie: cookie.join('; ') }),
    body: {
      redirect_uris: registered.redirectUris,
      post_logout_redirect_uris: registered.postLogoutRedirectUris,
      backchannel_logout_uri: registered.backchannelLogoutUri,
      backchannel_logout_session_required: true,
      token_endpoint_auth_method: 'client_secret_post',
      skip_consent: true,
      enable_end_session: true,
    },
  });
  const { adapter } = await auth.$context;
  await adapter.update({
    model: 'oauthClient',
    where: [{ field: 'clientId', value: CLIENT.clientId }],
    update: addressesOf(baseUrl),
  });
}

function addressesOf(baseUrl: string) {
  return {
    redirectUris: [`${baseUrl}/api/auth/callback/oidc`],
    postLogoutRedirectUris: [`${baseUrl}/sign-in`],
    backchannelLogoutUri: `${baseUrl}/api/auth/oidc/back-channel-logout`,
  };
}

/** The page on which one says who one is: what it sends is led on to better-auth with the request that it is part of. */
async function logIn(auth: ProviderAuth, request: Request): Promise<Response> {
  if (request.method !== 'POST')
    return new Response('<!DOCTYPE html><form method="post"><input name="account"></form>', {
      headers: { 'content-type': 'text/html; charset=utf-8' },
    });
  const { origin, search } = new URL(request.url);
  const email = new URLSearchParams(await request.text()).get('account');
  const signedIn = await auth.handler(
    new Request(`${origin}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json', cookie: request.headers.get('cookie') ?? '' },
      body: JSON.stringify({ email, password: PASSWORD, oauth_query: search.slice(1) }),
    }),
  );
  if (!signedIn.ok) return signedIn;
  const { url } = (await signedIn.json()) as { url: string };
  const headers = new Headers({ location: url });
  for (const cookie of signedIn.headers.getSetCookie()) headers.append('set-cookie', cookie);
  return new Response(null, { status: 302, headers });
}

async function withOtherIdToken(
  auth: ProviderAuth,
  given: Response,
  change: ChangeIdToken | undefined,
): Promise<Response> {
  const tokens = (await given.json()) as { id_token: string };
  const sign = async (payload: JWTPayload) => (await auth.api.signJWT({ body: { payload } })).token;
  return Response.json({ ...tokens, id_token: await change?.(decodeJwt(tokens.id_token), sign) });
}

async function webRequest(request: IncomingMessage, origin: string): Promise<Request> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
  // `fetch` of Node.js says `cors` of all that it asks for, and is answered with JSON then; a browser that is led somewhere says this.
  if (request.method === 'GET') headers.set('sec-fetch-mode', 'navigate');
  const chunks: Uint8Array[] = await Readable.from(request).toArray();
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  return new Request(new URL(request.url ?? '/', origin), {
    method: request.method ?? 'GET',
    headers,
    ...(hasBody ? { body: Buffer.concat(chunks) } : {}),
  });
}
