import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { NodeConfig } from '@meldesync/sync-node';
import { Provider } from 'oidc-provider';
import { freePort } from '../free-port.ts';

type OidcConfig = NonNullable<NodeConfig['oidc']>;

/** Somebody whom the provider knows: the claims that it tells of them. */
export interface ProviderAccount {
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
  readonly groups?: readonly string[];
}

/** A real OpenID Connect provider on this machine, with a page on which one picks who one is. */
export interface TestProvider extends AsyncDisposable {
  readonly issuer: string;
  /** By their `sub`; what is changed holds from the next sign-in on. */
  readonly accounts: Map<string, ProviderAccount>;
  /** What a node is told of it; the provider from then on knows that node as its client. */
  configFor(baseUrl: string, changes?: Partial<OidcConfig>): OidcConfig;
  /** Whether it answers at all; its page is at the same address when it comes back. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

const CLIENT = { clientId: 'meldesync', clientSecret: 'a-secret-of-the-test-provider' };
const CLAIMS = ['email', 'email_verified', 'name', 'groups'];

/** Starts one. It tells claims in the ID token unless `claimsIn` says that they are in userinfo only. */
export async function startTestProvider({
  claimsIn = 'token',
}: {
  claimsIn?: 'token' | 'userinfo';
} = {}): Promise<TestProvider> {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const accounts = new Map<string, ProviderAccount>();
  let answer: RequestListener = (_, response) => {
    response.writeHead(503).end();
  };
  let server: Server | undefined;
  const start = async () => {
    server = createServer((request, response) => answer(request, response));
    await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
  };
  const stop = async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    server = undefined;
  };
  await start();
  return {
    issuer,
    accounts,
    configFor: (baseUrl, changes = {}) => {
      answer = listener(makeProvider(issuer, baseUrl, accounts, claimsIn === 'userinfo'), accounts);
      return { ...CLIENT, ...DEFAULTS, issuer, ...changes };
    },
    start,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** What holds without a setting. */
export const DEFAULTS: Omit<OidcConfig, 'issuer' | 'clientId' | 'clientSecret'> = {
  name: 'Klinik-Anmeldung',
  scopes: ['openid', 'profile', 'email'],
  groupsClaim: 'groups',
  groupRoles: [],
  adminGroup: undefined,
  isJustInTime: false,
  link: 'verified',
  endsProviderSession: true,
};

function makeProvider(
  issuer: string,
  baseUrl: string,
  accounts: ReadonlyMap<string, ProviderAccount>,
  conformIdTokenClaims: boolean,
): Provider {
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        token_endpoint_auth_method: 'client_secret_post',
        redirect_uris: [`${baseUrl}/api/auth/callback/oidc`],
        post_logout_redirect_uris: [`${baseUrl}/sign-in`],
        backchannel_logout_uri: `${baseUrl}/api/auth/oidc/back-channel-logout`,
        backchannel_logout_session_required: true,
      },
    ],
    findAccount: (_, sub) => {
      const account = accounts.get(sub);
      return account && { accountId: sub, claims: () => ({ sub, ...account, groups: [...(account.groups ?? [])] }) };
    },
    claims: { openid: ['sub'], profile: CLAIMS, email: [] },
    conformIdTokenClaims,
    pkce: { required: () => true },
    cookies: { keys: ['a key of the test provider'] },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        // Asks nobody, as most providers do where the ID token says who signs out.
        logoutSource: (ctx, form) => {
          ctx.body = `<!DOCTYPE html><title>Abmelden</title>${form}<script>document.forms[0].append(Object.assign(document.createElement('input'), { type: 'hidden', name: 'logout', value: 'yes' })); document.forms[0].submit();</script>`;
        },
      },
    },
    // By itself it would send nothing to this machine.
    fetch: (url, options) => {
      const asked = { ...options };
      Reflect.deleteProperty(asked, 'dispatcher');
      return fetch(url, asked);
    },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    loadExistingGrant: async (ctx) => {
      const { client, session } = ctx.oidc;
      if (!client || !session?.accountId) return undefined;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
  });
  return provider;
}

function listener(provider: Provider, accounts: ReadonlyMap<string, ProviderAccount>): RequestListener {
  const rest = provider.callback();
  return (request, response) => {
    if (!request.url?.startsWith('/interaction/')) {
      void rest(request, response);
      return;
    }
    interact(provider, accounts, request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  };
}

async function interact(
  provider: Provider,
  accounts: ReadonlyMap<string, ProviderAccount>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'POST') {
    await provider.interactionDetails(request, response);
    const buttons = [...accounts].map(
      ([sub, { name }]) => `<button name="account" value="${sub}">${name ?? sub}</button>`,
    );
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(
      `<!DOCTYPE html><html lang="de"><title>Anbieter</title><form method="post">${buttons.join('')}<button name="account" value="">Abbrechen</button></form></html>`,
    );
    return;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const accountId = new URLSearchParams(Buffer.concat(chunks).toString()).get('account') ?? '';
  const result = accountId === '' ? { error: 'access_denied' } : { login: { accountId } };
  await provider.interactionFinished(request, response, result);
}
