import { eventually, expectProblem, startCluster } from '@meldesync/testkit';
import { Browsing, beginSingleSignOn, startForgingProvider } from '@meldesync/testkit/single-sign-on';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

const provider = await startForgingProvider();
const cluster = await startCluster({ nodes: 1, worker: false, relay: false, oidc: () => provider.config });
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

const SUBJECT = 'anna-at-the-provider';
const anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
const now = () => Math.floor(Date.now() / 1_000);

type Claims = Record<string, unknown>;

/** What a right ID token says. */
const claimsOf = (nonce: string): Claims => ({
  iss: provider.issuer,
  aud: 'meldesync',
  sub: SUBJECT,
  sid: 'its-session',
  iat: now(),
  exp: now() + 300,
  nonce,
  email: anna.email,
  email_verified: true,
  name: 'Anna',
});

interface Return {
  readonly browsing: Browsing;
  readonly state: string;
  readonly nonce: string;
}

async function begin(): Promise<Return> {
  const browsing = new Browsing();
  const { url } = (await (await beginSingleSignOn(browsing, cluster.url())).json()) as { url: string };
  const asked = new URL(url).searchParams;
  expect(asked.get('code_challenge_method')).toBe('S256');
  expect(asked.get('code_challenge')).toMatch(/^[\w-]{43}$/);
  return { browsing, state: asked.get('state') ?? '', nonce: asked.get('nonce') ?? '' };
}

/** Comes back from the provider; where that leads. */
async function comeBack({ browsing, state }: Pick<Return, 'browsing' | 'state'>, more: Record<string, string> = {}) {
  const query = new URLSearchParams({ code: 'a-code', state, ...more }).toString();
  const response = await browsing.request(`${cluster.url()}/api/auth/callback/oidc?${query}`);
  expect(response.status).toBe(302);
  return (response.headers.get('location') ?? '').replace(cluster.url(), '');
}

const sessions = async () =>
  (await cluster.sql(`select id from auth.session where user_id = $1 and provider_token is not null`, [anna.id]))
    .length;

beforeEach(() => cluster.sql('delete from auth.session where provider_token is not null'));

describe('an ID token', () => {
  it('that is right signs in, and the code is exchanged with the verifier of this sign-in', async () => {
    const begun = await begin();
    provider.idToken = await provider.sign(claimsOf(begun.nonce));
    expect(await comeBack(begun)).toBe('/');
    expect(await sessions()).toBe(1);
    expect(provider.exchanges.at(-1)?.get('code_verifier')).toMatch(/^[\w-]{43,128}$/);
  });

  it.each<[string, (claims: Claims) => Claims]>([
    ['that has expired', (claims) => ({ ...claims, iat: now() - 900, exp: now() - 600 })],
    ['without an end', (claims) => ({ ...claims, exp: undefined })],
    ['of another issuer', (claims) => ({ ...claims, iss: 'https://other.example' })],
    ['for another application', (claims) => ({ ...claims, aud: 'another' })],
    ['for several, and handed to another', (claims) => ({ ...claims, aud: ['meldesync', 'another'], azp: 'another' })],
    ['for several, and handed to nobody', (claims) => ({ ...claims, aud: ['meldesync', 'another'] })],
    ['of another sign-in', (claims) => ({ ...claims, nonce: 'of-another' })],
    ['of no sign-in', (claims) => ({ ...claims, nonce: undefined })],
    ['about nobody', (claims) => ({ ...claims, sub: undefined })],
    ['about somebody whose name is too long', (claims) => ({ ...claims, sub: 'a'.repeat(300) })],
  ])('%s signs nobody in', async (_, change) => {
    const begun = await begin();
    provider.idToken = await provider.sign(change(claimsOf(begun.nonce)));
    expect(await comeBack(begun)).toBe('/sign-in?error=sso-failed');
    expect(await sessions()).toBe(0);
  });

  it('that somebody else signed signs nobody in, and is on record', async () => {
    const failed = () => cluster.sql(`select after from events where kind = 'sign-in-failed'`);
    const before = await failed();
    const begun = await begin();
    provider.idToken = await provider.sign(claimsOf(begun.nonce), { isForged: true });
    expect(await comeBack(begun)).toBe('/sign-in?error=sso-failed');
    expect(await failed()).toEqual([...before, { after: { method: 'oidc' } }]);
  });

  it('that nobody signed, or that is none, signs nobody in', async () => {
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    for (const token of ['unsigned', 'opaque', undefined]) {
      const begun = await begin();
      provider.idToken = token === 'unsigned' ? `${encode({ alg: 'none' })}.${encode(claimsOf(begun.nonce))}.` : token;
      expect(await comeBack(begun)).toBe('/sign-in?error=sso-failed');
    }
    expect(await sessions()).toBe(0);
  });

  it('about another person than userinfo is about gets nothing from it', async () => {
    // It has no userinfo; what is missing stays missing.
    const begun = await begin();
    const { email: _, ...claims } = claimsOf(begun.nonce);
    provider.idToken = await provider.sign({ ...claims, sub: 'somebody-new' });
    expect(await comeBack(begun)).toBe('/sign-in?error=sso-email-unverified');
  });
});

describe('coming back', () => {
  it('with the state of another browser, of nobody, or twice signs nobody in', async () => {
    const begun = await begin();
    provider.idToken = await provider.sign(claimsOf(begun.nonce));
    expect(await comeBack({ browsing: new Browsing(), state: begun.state })).toBe('/sign-in?error=sso-failed');
    expect(await comeBack({ browsing: begun.browsing, state: 'made-up' })).toBe('/sign-in?error=sso-failed');
    expect(await comeBack({ browsing: begun.browsing, state: '' })).toBe('/sign-in?error=sso-failed');
    const another = await begin();
    provider.idToken = await provider.sign(claimsOf(another.nonce));
    expect(await comeBack(another)).toBe('/');
    expect(await comeBack(another)).toBe('/sign-in?error=sso-failed');
  });

  it('from another issuer signs nobody in (RFC 9207)', async () => {
    const begun = await begin();
    provider.idToken = await provider.sign(claimsOf(begun.nonce));
    expect(await comeBack(begun, { iss: 'https://other.example' })).toBe('/sign-in?error=sso-failed');
  });

  it.each([
    ['access_denied', 'sso-cancelled'],
    ['temporarily_unavailable', 'sso-unavailable'],
    ['<script>alert(1)</script>', 'sso-failed'],
  ])('with the error %s says so in words of ours', async (error, code) => {
    const { browsing, state } = await begin();
    const query = new URLSearchParams({ error, error_description: 'secret words', state }).toString();
    const response = await browsing.request(`${cluster.url()}/api/auth/callback/oidc?${query}`);
    expect(response.headers.get('location')).toBe(`${cluster.url()}/sign-in?error=${code}`);
  });
});

describe('a logout token of the provider', () => {
  const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
  const logoutOf = (): Claims => ({
    iss: provider.issuer,
    aud: 'meldesync',
    sub: SUBJECT,
    iat: now(),
    exp: now() + 120,
    jti: `${Math.random()}`,
    events: { [EVENT]: {} },
  });
  const send = (token: string) =>
    fetch(`${cluster.url()}/api/auth/oidc/back-channel-logout`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ logout_token: token }),
    });
  const signIn = async (sid: string) => {
    const begun = await begin();
    provider.idToken = await provider.sign({ ...claimsOf(begun.nonce), sid });
    expect(await comeBack(begun)).toBe('/');
  };

  it('ends all sessions of the person it names, or the one of the session it names', async () => {
    await signIn('one');
    await signIn('two');
    expect((await send(await provider.sign({ ...logoutOf(), sid: 'one' }, { type: 'logout+jwt' }))).status).toBe(200);
    expect(await sessions()).toBe(1);
    const { sub: _, ...ofSession } = logoutOf();
    expect((await send(await provider.sign({ ...ofSession, sid: 'two' }, { type: 'logout+jwt' }))).status).toBe(200);
    expect(await sessions()).toBe(0);
    await signIn('three');
    expect((await send(await provider.sign(logoutOf()))).status).toBe(200);
    expect(await sessions()).toBe(0);
    const ended = await cluster.sql(
      `select actor, before ->> 'user' as user, after from events where kind = 'session-ended' order by id desc limit 3`,
    );
    const one = { actor: 'system', user: anna.id, after: { because: 'provider' } };
    expect(ended).toEqual([one, one, one]);
  });

  it('that is old ends nothing that began after it', async () => {
    await signIn('later');
    const token = await provider.sign({ ...logoutOf(), iat: now() - 60 });
    expect((await send(token)).status).toBe(200);
    expect(await sessions()).toBe(1);
  });

  it.each<[string, (claims: Claims) => Claims]>([
    ['of another issuer', (claims) => ({ ...claims, iss: 'https://other.example' })],
    ['for another application', (claims) => ({ ...claims, aud: 'another' })],
    ['that has expired', (claims) => ({ ...claims, exp: now() - 60 })],
    ['of long ago', (claims) => ({ ...claims, iat: now() - 3_600 })],
    ['without the event', (claims) => ({ ...claims, events: {} })],
    ['with a nonce, as ID tokens have', (claims) => ({ ...claims, nonce: 'a' })],
    ['about nobody', (claims) => ({ ...claims, sub: undefined })],
    ['without an id', (claims) => ({ ...claims, jti: undefined })],
  ])('%s ends nothing', async (_, change) => {
    await signIn('stays');
    const response = await send(await provider.sign(change(logoutOf())));
    expect(response.status).toBe(400);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await sessions()).toBe(1);
  });

  it('that somebody else signed, of another kind, or that is none, ends nothing', async () => {
    await signIn('stays');
    for (const token of [
      await provider.sign(logoutOf(), { isForged: true }),
      await provider.sign(logoutOf(), { type: 'at+jwt' }),
      provider.idToken ?? '',
      'a.b.c',
      '',
    ])
      expect((await send(token)).status).toBe(400);
    expect(await sessions()).toBe(1);
  });
});

describe('what the provider says of itself', () => {
  it.each([
    ['another issuer', { issuer: 'https://other.example' }],
    ['no keys', { jwks_uri: undefined }],
    ['no PKCE with S256', { code_challenge_methods_supported: ['plain'] }],
    ['an address that is none', { token_endpoint: 'javascript:alert(1)' }],
  ])('%s: nobody can sign in, and is told so', async (_, description) => {
    provider.description = description;
    await eventually(async () => {
      await expectProblem(await beginSingleSignOn(new Browsing(), cluster.url()), 'sso-unavailable');
    });
    provider.description = {};
    await eventually(async () => expect((await beginSingleSignOn(new Browsing(), cluster.url())).status).toBe(200));
  });
});

it('who comes back without a proof is on record, and who does so again and again fills no table', async () => {
  const told = (kind: string) => cluster.sql('select after from events where kind = $1', [kind]);
  for (let count = 0; count < 40; count++) await comeBack(await begin(), { error: 'access_denied' });
  const failed = await told('sign-in-failed');
  expect(failed).toHaveLength(30);
  expect(failed).toContainEqual({ after: { method: 'oidc' } });
  expect(await told('sign-in-slowed')).toEqual([{ after: { limit: 'single-sign-on' } }]);
});
