import { randomUUID } from 'node:crypto';
import { callHttp, eventually, expectProblem, startCluster } from '@meldesync/testkit';
import {
  Browsing,
  beginSingleSignOn,
  signInAtProvider,
  startBetterAuthProvider,
} from '@meldesync/testkit/single-sign-on';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, afterEach, describe, expect, it } from 'vitest';

const provider = await startBetterAuthProvider();
const cluster = await startCluster({
  nodes: 1,
  worker: false,
  relay: false,
  passwordPolicy: 'off',
  oidc: (baseUrl) =>
    provider.configFor(baseUrl, {
      groupRoles: [
        { group: 'gm-team', workspace: 'Testklinik', role: 'editor' },
        { group: 'gm-admins', workspace: 'Testklinik', role: 'admin' },
      ],
      adminGroup: 'it-admins',
    }),
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});
afterEach(() => {
  provider.changeIdToken = undefined;
});

let count = 0;
const nextAddress = () => {
  count += 1;
  return `better-auth-${count}@test.example`;
};
/** Somebody whom only the provider knows; their address there. */
async function known(person: Parameters<typeof provider.addPerson>[1] = {}): Promise<string> {
  const email = nextAddress();
  await provider.addPerson(email, person);
  return email;
}

const invite = (email: string, role: string) =>
  cluster.sql(
    `insert into invitations (workspace_id, email, role, secret_hash, expires_at)
     values ($1, $2, $3, $4, now() + interval '1 day')`,
    [cluster.workspace, email, role, randomUUID()],
  );
const signIn = (email: string, browsing = new Browsing()) => signInAtProvider(browsing, cluster.url(), email);
const me = (browsing: Browsing) => browsing.request(`${cluster.url()}/api/v1/me`);
const membershipsOf = (email: string) =>
  cluster.sql(
    `select w.name, m.role, m.source from members m join workspaces w on w.id = m.workspace_id
       join auth."user" u on u.id = m.user_id where u.email = $1`,
    [email],
  );
const accountOf = async (email: string) =>
  (await cluster.sql('select * from auth."user" where email = $1', [email]))[0];
const signOut = async (browsing: Browsing) => {
  const answer = await browsing.request(`${cluster.url()}/api/auth/sign-out`, {
    method: 'POST',
    headers: { origin: cluster.url(), 'content-type': 'application/json' },
    body: '{}',
  });
  return (await answer.json()) as { success: boolean; url?: string };
};

describe("better-auth's own provider", () => {
  it('is found by its description, whose issuer has a path, and is asked with state, nonce and PKCE', async () => {
    const { url } = (await (await beginSingleSignOn(new Browsing(), cluster.url())).json()) as { url: string };
    expect(url.startsWith(`${provider.issuer}/oauth2/authorize?`)).toBe(true);
    const asked = new URL(url).searchParams;
    expect(asked.get('code_challenge_method')).toBe('S256');
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked.get(name)).toMatch(/.{16}/);
  });

  it('signs in who was invited, by the address that only its userinfo tells, with an event of each step', async () => {
    const email = await known({ name: 'Berta Beispiel' });
    await invite(email, 'auditor');
    const browsing = new Browsing();
    expect(await signIn(email, browsing)).toBe('/');
    expect(await (await me(browsing)).json()).toMatchObject({
      user: { name: 'Berta Beispiel', email },
      workspaces: [{ name: 'Testklinik', role: 'auditor' }],
    });
    const events = await cluster.sql(
      `select e.kind from events e join auth."user" u on e.subject = 'user:' || u.id where u.email = $1 order by e.id`,
      [email],
    );
    expect(events.map(({ kind }) => kind)).toEqual(['account-created', 'invitation-accepted', 'sign-in']);
  });

  it('links the account of a verified address, and follows the link from then on', async () => {
    const anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'viewer' });
    await provider.addPerson(anna.email, { name: 'Anders' });
    const browsing = new Browsing();
    expect(await signIn(anna.email, browsing)).toBe('/');
    expect(await (await me(browsing)).json()).toMatchObject({ user: { id: anna.id, name: 'Anna' } });
    const links = await cluster.sql('select account_id from auth.account where user_id = $1 and provider_id = $2', [
      anna.id,
      'oidc',
    ]);
    expect(links).toHaveLength(1);
    await provider.changePerson(anna.email, { emailVerified: false });
    const again = new Browsing();
    expect(await signIn(anna.email, again)).toBe('/');
    expect(await (await me(again)).json()).toMatchObject({ user: { id: anna.id } });
  });

  it('gives roles by its groups, which follow them and go with them', async () => {
    const other = await cluster.addPerson('Administers both', { workspace: cluster.workspace, role: 'admin' });
    await cluster.sql('update auth."user" set is_installation_admin = true where id = $1', [other.id]);
    const { email } = await cluster.addPerson('Gruppe');
    await provider.addPerson(email, { groups: ['gm-team', 'other'] });
    for (const [groups, roles] of [
      [['gm-team', 'other'], ['editor']],
      [['gm-team', 'gm-admins', 'it-admins'], ['admin']],
      [[], []],
    ] as const) {
      await provider.changePerson(email, { groups });
      expect(await signIn(email)).toBe('/');
      expect((await membershipsOf(email)).map(({ role, source }) => [role, source])).toEqual(
        roles.map((role) => [role, 'groups']),
      );
      const isAdministrator = groups.some((group) => group === 'it-admins');
      expect(await accountOf(email)).toMatchObject({ is_installation_admin: isAdministrator });
    }
  });

  it('lets in nobody by an address that it has not verified, nor anybody who was not invited', async () => {
    const anna = await cluster.addPerson('Anna Unbestätigt');
    await provider.addPerson(anna.email, { emailVerified: false });
    expect(await signIn(anna.email)).toBe('/sign-in?error=sso-email-unverified');
    const invited = await known({ emailVerified: false });
    await invite(invited, 'viewer');
    expect(await signIn(invited)).toBe('/sign-in?error=sso-email-unverified');
    const stranger = await known();
    expect(await signIn(stranger)).toBe('/sign-in?error=sso-not-invited');
    for (const email of [invited, stranger]) expect(await accountOf(email)).toBeUndefined();
  });

  it('lets in nobody with an ID token of it that has expired, was for another, or that somebody else signed', async () => {
    const { email } = await cluster.addPerson('Gefälscht');
    await provider.addPerson(email);
    const now = Math.floor(Date.now() / 1_000);
    const foreign = await generateKeyPair('EdDSA');
    const { keys } = (await (await fetch(`${provider.issuer}/jwks`)).json()) as { keys: { kid: string }[] };
    expect(keys).toHaveLength(1);
    expect(keys[0]).not.toMatchObject(await exportJWK(foreign.publicKey));
    const changes: (typeof provider.changeIdToken)[] = [
      (claims, sign) => sign({ ...claims, iat: now - 900, exp: now - 600 }),
      (claims, sign) => sign({ ...claims, aud: 'another' }),
      (claims, sign) => sign({ ...claims, nonce: 'of-another' }),
      (claims) =>
        new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', kid: keys[0]?.kid ?? '' }).sign(foreign.privateKey),
    ];
    for (const change of changes) {
      provider.changeIdToken = change;
      expect(await signIn(email)).toBe('/sign-in?error=sso-failed');
    }
    // Signed by it and right, such a token lets them in: what was refused is what was changed.
    provider.changeIdToken = (claims, sign) => sign(claims);
    expect(await signIn(email)).toBe('/');
  });

  it('ends its own session when somebody signs out here, and asks who it is the next time', async () => {
    const { email } = await cluster.addPerson('Abmelden');
    await provider.addPerson(email);
    const browsing = new Browsing();
    await signIn(email, browsing);
    const isBack = (at: string) => at === `${cluster.url()}/` || at.includes('/login?');
    const begin = async () => {
      const { url } = (await (await beginSingleSignOn(browsing, cluster.url())).json()) as { url: string };
      return (await browsing.follow(url, isBack)).url;
    };
    // The provider still knows who it is.
    expect(await begin()).toBe(`${cluster.url()}/`);
    const { url = '' } = await signOut(browsing);
    expect((await me(browsing)).status).toBe(401);
    expect(url.startsWith(`${provider.issuer}/oauth2/end-session?`)).toBe(true);
    const ended = await browsing.request(url);
    expect([ended.status, ended.headers.get('location')]).toEqual([302, `${cluster.url()}/sign-in`]);
    expect(await begin()).toContain('/login?');
  });

  it('ends the sessions here that began with the one that ends there, and no others', async () => {
    const { email } = await cluster.addPerson('Überall');
    await provider.addPerson(email);
    const browsing = new Browsing();
    const elsewhere = new Browsing();
    await signIn(email, browsing);
    await signIn(email, elsewhere);
    expect((await me(browsing)).status).toBe(200);
    // Signed out at the provider itself, as by another application.
    const out = await browsing.request(`${provider.issuer}/sign-out`, {
      method: 'POST',
      headers: { origin: new URL(provider.issuer).origin, 'content-type': 'application/json' },
      body: '{}',
    });
    expect(out.status).toBe(200);
    await eventually(async () => expect((await me(browsing)).status).toBe(401));
    expect((await me(elsewhere)).status).toBe(200);
  });

  it('is the only way in where passwords are switched off', async () => {
    const person = await cluster.addPerson('Ohne Kennwort');
    await provider.addPerson(person.email);
    const byPassword = await callHttp(cluster, '/api/auth/sign-in/email', {
      method: 'POST',
      headers: { origin: cluster.url() },
      json: { email: person.email, password: person.password },
    });
    await expectProblem(byPassword, 'passwords-off');
    const entry = await callHttp(cluster, '/api/v1/entry');
    expect(await entry.json()).toMatchObject({ passwords: false, singleSignOn: { name: 'Klinik-Anmeldung' } });
    expect(await signIn(person.email)).toBe('/');
  });
});
