import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startCluster } from '@meldesync/testkit';
import { Browsing, beginSingleSignOn, startForgingProvider } from '@meldesync/testkit/single-sign-on';
import { afterAll, afterEach, expect, it } from 'vitest';

const provider = await startForgingProvider();
const cluster = await startCluster({ nodes: 1, worker: false, relay: false, oidc: () => provider.config });

/** What a host that nobody named in the settings was asked. It says of itself what a provider would. */
const asked: string[] = [];
const elsewhere = createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`);
  const description = {
    issuer: provider.issuer,
    authorization_endpoint: `${elsewhereUrl()}/auth`,
    token_endpoint: `${elsewhereUrl()}/token`,
    jwks_uri: `${elsewhereUrl()}/jwks`,
    id_token_signing_alg_values_supported: ['RS256'],
  };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(description));
});
const elsewhereUrl = () => `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
elsewhere.listen(0, '127.0.0.1');
await once(elsewhere, 'listening');

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
  elsewhere.closeAllConnections();
  elsewhere.close();
});
afterEach(() => {
  provider.leadElsewhere = () => undefined;
  provider.description = {};
  asked.length = 0;
});

const DESCRIPTION = '/.well-known/openid-configuration';

/** Until what the provider said of itself does not hold any more. */
const untilAskedAnew = () => new Promise((resolve) => setTimeout(resolve, 2_100));

/** Begins to sign in; the state and the nonce that the provider was given. */
async function begin(browsing: Browsing) {
  const { url } = (await (await beginSingleSignOn(browsing, cluster.url())).json()) as { url: string };
  expect(url.startsWith(`${provider.issuer}/auth?`)).toBe(true);
  const { searchParams } = new URL(url);
  return { state: searchParams.get('state') ?? '', nonce: searchParams.get('nonce') ?? '' };
}

async function comeBack(browsing: Browsing, state: string): Promise<string> {
  const query = new URLSearchParams({ code: 'a-code', state }).toString();
  const response = await browsing.request(`${cluster.url()}/api/auth/callback/oidc?${query}`);
  return response.headers.get('location') ?? '';
}

// First, since what the provider says of itself is kept once it is known.
it('leads nobody to sign in elsewhere, also where it does so between two questions what it is', async () => {
  await untilAskedAnew();
  let questions = 0;
  provider.leadElsewhere = (path) => {
    if (path !== DESCRIPTION) return undefined;
    questions += 1;
    return questions > 1 ? elsewhereUrl() + path : undefined;
  };
  const answer = await beginSingleSignOn(new Browsing(), cluster.url());
  expect(questions).toBeGreaterThan(1);
  expect(await answer.text()).not.toContain(elsewhereUrl());
  expect(asked).toEqual([]);
});

it('code and secret of the client are not sent elsewhere', async () => {
  const browsing = new Browsing();
  const { state } = await begin(browsing);
  const led: string[] = [];
  provider.leadElsewhere = (path) => {
    led.push(path);
    return elsewhereUrl() + path;
  };
  expect(await comeBack(browsing, state)).toMatch(/\/sign-in\?error=/);
  expect(led).toContain('/token');
  expect(asked).toEqual([]);
});

it('nor is the token with which more is asked about a person', async () => {
  const browsing = new Browsing();
  provider.description = { userinfo_endpoint: `${provider.issuer}/userinfo` };
  await untilAskedAnew();
  const { state, nonce } = await begin(browsing);
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: provider.issuer, aud: 'meldesync', sub: 'nobody-known', iat: now, exp: now + 300, nonce };
  provider.idToken = await provider.sign(claims);
  const led: string[] = [];
  provider.leadElsewhere = (path) => {
    if (path !== '/userinfo') return undefined;
    led.push(path);
    return elsewhereUrl() + path;
  };
  expect(await comeBack(browsing, state)).toMatch(/\/sign-in\?error=sso-/);
  expect(led).toEqual(['/userinfo']);
  expect(asked).toEqual([]);
});
