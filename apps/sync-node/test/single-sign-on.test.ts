import { createHash, randomUUID } from 'node:crypto';
import { TOKEN_HEADER } from '@meldesync/protocol';
import { callHttp, eventually, expectProblem, startCluster } from '@meldesync/testkit';
import {
  Browsing,
  beginSingleSignOn,
  type ProviderAccount,
  signInAtProvider,
  startTestProvider,
} from '@meldesync/testkit/single-sign-on';
import { afterAll, describe, expect, it } from 'vitest';

const provider = await startTestProvider();
const cluster = await startCluster({
  nodes: 1,
  worker: false,
  oidc: (baseUrl) =>
    provider.configFor(baseUrl, {
      groupRoles: [
        { group: 'gm-team', workspace: 'Testklinik', role: 'editor' },
        { group: 'gm-admins', workspace: 'Testklinik', role: 'admin' },
        { group: 'gm-nowhere', workspace: 'Nirgends', role: 'admin' },
      ],
      adminGroup: 'it-admins',
    }),
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

let count = 0;
/** Somebody whom only the provider knows; their `sub`. */
function known(account: ProviderAccount = {}): { sub: string; email: string } {
  count += 1;
  const sub = `sub-${count}`;
  const email = `sso${count}@test.example`;
  provider.accounts.set(sub, { email, email_verified: true, name: `Person ${count}`, ...account });
  return { sub, email };
}

async function invite(email: string, role = 'viewer', columns: Record<string, unknown> = {}): Promise<void> {
  const row = { workspace_id: cluster.workspace, email, role, secret_hash: randomUUID(), ...columns };
  const names = Object.keys(row);
  await cluster.sql(
    `insert into invitations (expires_at, ${names.join(', ')}) values (now() + interval '1 day', ${names.map((_, index) => `$${index + 1}`).join(', ')})`,
    Object.values(row),
  );
}

const signIn = (sub: string, browsing = new Browsing()) => signInAtProvider(browsing, cluster.url(), sub);
const membershipsOf = (email: string) =>
  cluster.sql(
    `select w.name, m.role, m.source from members m join workspaces w on w.id = m.workspace_id
       join auth."user" u on u.id = m.user_id where u.email = $1`,
    [email],
  );
const eventsOf = async (email: string) =>
  (
    await cluster.sql(
      `select e.kind from events e join auth."user" u on e.subject = 'user:' || u.id
         where u.email = $1 and e.kind <> 'sign-in' order by e.id`,
      [email],
    )
  ).map(({ kind }) => kind);
const accountOf = async (email: string) =>
  (await cluster.sql('select * from auth."user" where email = $1', [email]))[0];

describe('who is let in by single sign-on', () => {
  it('whose verified address has an account, which keeps its name and is linked', async () => {
    const anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
    const { sub } = known({ email: anna.email.toUpperCase(), name: 'Anders' });
    const browsing = new Browsing();
    expect(await signIn(sub, browsing)).toBe('/');
    const me = await browsing.request(`${cluster.url()}/api/v1/me`);
    expect(await me.json()).toMatchObject({ user: { id: anna.id, name: 'Anna' } });
    expect(await eventsOf(anna.email)).toEqual(['account-linked']);

    // From now on the link counts, whatever the address.
    provider.accounts.set(sub, { email: 'elsewhere@test.example', email_verified: false });
    expect(await signIn(sub)).toBe('/');
    expect(await accountOf('elsewhere@test.example')).toBeUndefined();
  });

  it('who was invited: with an account, a membership as it was offered, and an event of each', async () => {
    const { sub, email } = known({ name: '  Berta\u00a0 Beispiel ' });
    await invite(email, 'auditor', { member_expires_at: new Date(Date.now() + 3_600_000) });
    expect(await signIn(sub)).toBe('/');
    expect(await accountOf(email)).toMatchObject({ name: 'Berta Beispiel', email_verified: true });
    expect(await membershipsOf(email)).toEqual([{ name: 'Testklinik', role: 'auditor', source: 'manual' }]);
    expect(await eventsOf(email)).toEqual(['account-created', 'invitation-accepted']);
    expect(
      await cluster.sql('select accepted_at is not null as taken from invitations where email = $1', [email]),
    ).toEqual([{ taken: true }]);
  });

  it('under the name that whoever invited gave, and never under one that cannot be read', async () => {
    const named = known();
    await invite(named.email, 'viewer', { name: 'Dr. Clara Beispiel' });
    await signIn(named.sub);
    expect(await accountOf(named.email)).toMatchObject({ name: 'Dr. Clara Beispiel' });
    const unreadable = known({ name: 'Eve\u202eLivE' });
    await invite(unreadable.email);
    await signIn(unreadable.sub);
    expect(await accountOf(unreadable.email)).toMatchObject({ name: unreadable.email.split('@')[0] });
  });

  it('nobody who was not invited', async () => {
    const { sub, email } = known();
    expect(await signIn(sub)).toBe('/sign-in?error=sso-not-invited');
    expect(await accountOf(email)).toBeUndefined();
  });

  it.each([
    ['revoked', { revoked_at: new Date() }],
    ['accepted', { accepted_at: new Date() }],
    ['over for the membership that it offers', { member_expires_at: new Date(0) }],
  ])('nobody whose invitation is %s', async (_, columns) => {
    const { sub, email } = known();
    await invite(email, 'viewer', columns);
    expect(await signIn(sub)).toBe('/sign-in?error=sso-not-invited');
  });

  it.each([[false], [undefined]])('nobody by an address whose email_verified is %s', async (verified) => {
    const anna = await cluster.addPerson('Anna');
    const existing = known();
    provider.accounts.set(existing.sub, {
      email: anna.email,
      ...(verified === undefined ? {} : { email_verified: verified }),
    });
    expect(await signIn(existing.sub)).toBe('/sign-in?error=sso-email-unverified');
    const invited = known();
    await invite(invited.email);
    provider.accounts.set(invited.sub, {
      email: invited.email,
      ...(verified === undefined ? {} : { email_verified: verified }),
    });
    expect(await signIn(invited.sub)).toBe('/sign-in?error=sso-email-unverified');
    expect(
      await cluster.sql('select 1 from auth.account where user_id = $1 and provider_id = $2', [anna.id, 'oidc']),
    ).toEqual([]);
  });

  it('nobody else by an address that the provider has given to another person', async () => {
    const { sub, email } = known();
    await invite(email);
    await signIn(sub);
    const successor = known({ email });
    expect(await signIn(successor.sub)).toBe('/sign-in?error=sso-other-account');
  });

  it('nobody whose account is disabled', async () => {
    const { sub, email } = known();
    await invite(email);
    await signIn(sub);
    await cluster.sql('update auth."user" set disabled_at = now() where email = $1', [email]);
    expect(await signIn(sub)).toBe('/sign-in?error=account-disabled');
  });

  it('nobody into an account of a program or of the demo', async () => {
    for (const column of [`kind = 'service'`, 'is_demo = true']) {
      const { id, email } = await cluster.addPerson('Program');
      await cluster.sql(`update auth."user" set ${column} where id = $1`, [id]);
      expect(await signIn(known({ email }).sub)).toBe('/sign-in?error=sso-not-invited');
    }
  });

  it.each([
    ['a workspace', false, 401],
    ['the installation', true, 200],
  ])(
    'an account that an invitation of who administers %s made, with the password chosen there or without',
    async (_, isForAll, status) => {
      const inviter = await cluster.addPerson('Irma', { workspace: cluster.workspace, role: 'admin' });
      if (isForAll)
        await cluster.sql('update auth."user" set is_installation_admin = true where id = $1', [inviter.id]);
      const { sub, email } = known();
      const [password, secret] = ['viele-gelbe-Fahrraeder-7', randomUUID()];
      const hash = createHash('sha256').update(secret).digest('hex');
      await invite(email, 'viewer', { created_by: inviter.id, secret_hash: hash });
      // Whoever holds the link may be anybody, the inviter first of all.
      const json = { secret, name: 'Irgendwer', password };
      expect((await callHttp(cluster, '/api/v1/invitations/accept', { method: 'POST', json })).status).toBe(200);
      const byPassword = () =>
        callHttp(cluster, '/api/auth/sign-in/email', {
          method: 'POST',
          headers: { origin: cluster.url(), 'meldesync-session-kind': 'terminal' },
          json: { email, password },
        });
      const before = await byPassword();
      expect(before.status).toBe(200);
      const token = before.headers.get(TOKEN_HEADER) ?? '';

      expect(await signIn(sub)).toBe('/');
      expect((await byPassword()).status).toBe(status);
      const me = await fetch(`${cluster.url()}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
      expect(me.status).toBe(status);
      expect(await membershipsOf(email)).toMatchObject([{ role: 'viewer' }]);
      // Once is enough: what the person sets up now is theirs.
      expect(await signIn(sub)).toBe('/');
      await cluster.sql('delete from members where user_id = $1', [inviter.id]);
      await cluster.sql('update auth."user" set is_installation_admin = false where id = $1', [inviter.id]);
    },
  );

  it('nobody who cancels at the provider', async () => {
    expect(await signIn('')).toBe('/sign-in?error=sso-cancelled');
  });

  it('once, when they come in twice at the same time', async () => {
    const { sub, email } = known();
    await invite(email);
    expect(await Promise.all([signIn(sub), signIn(sub)])).toEqual(['/', '/']);
    expect(await eventsOf(email)).toEqual(['account-created', 'invitation-accepted']);
  });

  it('in the place of the session that the browser had; no answer on the way holds a token', async () => {
    const { sub, email } = known();
    await invite(email);
    const named: (string | null)[] = [];
    const browsing = new (class extends Browsing {
      override async request(...given: Parameters<Browsing['request']>): Promise<Response> {
        const answer = await super.request(...given);
        named.push(answer.headers.get(TOKEN_HEADER));
        return answer;
      }
    })();
    await signIn(sub, browsing);
    expect(await signIn(sub, browsing)).toBe('/');
    expect(await (await browsing.request(`${cluster.url()}/api/v1/me`)).json()).toMatchObject({ user: { email } });
    const { id } = (await accountOf(email)) ?? {};
    expect(await cluster.sql('select id from auth.session where user_id = $1', [id])).toHaveLength(1);
    expect(named.filter((token) => token !== null)).toEqual([]);
  });

  it('keeps nothing that opens the provider, and shows its token to nobody', async () => {
    const { sub, email } = known();
    await invite(email);
    const browsing = new Browsing();
    await signIn(sub, browsing);
    const { id } = (await accountOf(email)) ?? {};
    expect(
      await cluster.sql('select access_token, refresh_token, id_token from auth.account where user_id = $1', [id]),
    ).toEqual([{ access_token: null, refresh_token: null, id_token: null }]);
    for (const path of ['get-session', 'list-sessions']) {
      const shown = await (await browsing.request(`${cluster.url()}/api/auth/${path}`)).text();
      expect(shown).not.toMatch(/provider/i);
    }
  });
});

/** An invitation that somebody has made; its id. */
const inviteOf = async (id: string, workspace: string) => {
  const [row] = await cluster.sql(
    `insert into invitations (workspace_id, email, role, secret_hash, created_by, expires_at)
     values ($1, 'wieder@test.example', 'admin', $2, $3, now() + interval '1 day') returning id`,
    [workspace, randomUUID(), id],
  );
  return String(row?.['id']);
};
const openOnes = async (id: string) => {
  const open = 'select id from invitations where created_by = $1 and revoked_at is null order by id';
  return (await cluster.sql(open, [id])).map((row) => row['id']);
};

describe('what groups of the provider give', () => {
  it('a role that follows them, and goes with them; of several the strongest', async () => {
    const { sub, email } = known({ groups: ['gm-team', 'other'] });
    await invite(email);
    await cluster.sql('delete from invitations where email = $1', [email]);
    const person = await cluster.addPerson('Gruppe');
    provider.accounts.set(sub, { email: person.email, email_verified: true, groups: ['gm-team', 'other'] });
    await signIn(sub);
    expect(await membershipsOf(person.email)).toEqual([{ name: 'Testklinik', role: 'editor', source: 'groups' }]);
    await cluster.addPerson('Somebody else who administers', { workspace: cluster.workspace, role: 'admin' });
    for (const [groups, role] of [
      [['gm-team', 'gm-admins'], 'admin'],
      [['gm-team'], 'editor'],
    ] as const) {
      provider.accounts.set(sub, { email: person.email, email_verified: true, groups });
      await signIn(sub);
      expect(await membershipsOf(person.email)).toEqual([{ name: 'Testklinik', role, source: 'groups' }]);
    }
    provider.accounts.set(sub, { email: person.email, email_verified: true, groups: [] });
    expect(await signIn(sub)).toBe('/');
    expect(await membershipsOf(person.email)).toEqual([]);
    expect(await eventsOf(person.email)).toEqual([
      'account-linked',
      'member-added',
      'member-changed',
      'member-changed',
      'member-removed',
    ]);
  });

  it('nothing in place of what was given by hand', async () => {
    const { email } = await cluster.addPerson('Hand', { workspace: cluster.workspace, role: 'viewer' });
    for (const groups of [['gm-team'], []]) {
      const { sub } = known({ email, groups });
      await cluster.sql(`delete from auth.account a using auth."user" u where u.id = a.user_id and u.email = $1`, [
        email,
      ]);
      await signIn(sub);
      expect(await membershipsOf(email)).toEqual([{ name: 'Testklinik', role: 'viewer', source: 'manual' }]);
    }
  });

  it('administration of the installation, and takes it away again; not what was given by hand', async () => {
    const byHand = await cluster.addPerson('Von Hand');
    await cluster.sql('update auth."user" set is_installation_admin = true where id = $1', [byHand.id]);
    const byGroup = await cluster.addPerson('Per Gruppe');
    const { sub } = known({ email: byGroup.email, groups: ['it-admins'] });
    await signIn(sub);
    expect(await accountOf(byGroup.email)).toMatchObject({ is_installation_admin: true });
    provider.accounts.set(sub, { email: byGroup.email, email_verified: true });
    await signIn(sub);
    expect(await accountOf(byGroup.email)).toMatchObject({ is_installation_admin: false });
    await signIn(known({ email: byHand.email }).sub);
    expect(await accountOf(byHand.email)).toMatchObject({ is_installation_admin: true });
  });

  it('nobody who administers by them, and then no more, is let in again by an invitation of their own', async () => {
    await cluster.addPerson('Bleibt', { workspace: cluster.workspace, role: 'admin' });
    const { id, email } = await cluster.addPerson('Wechselt');
    const { sub } = known({ email, groups: ['gm-admins', 'it-admins'] });
    await signIn(sub);
    const here = await inviteOf(id, cluster.workspace);
    const elsewhere = await inviteOf(id, await cluster.addWorkspace('Andere Klinik'));
    provider.accounts.set(sub, { email, email_verified: true, groups: ['it-admins'] });
    await signIn(sub);
    expect(await openOnes(id)).toEqual([here, elsewhere].toSorted());
    provider.accounts.set(sub, { email, email_verified: true, groups: ['gm-admins'] });
    await signIn(sub);
    expect(await openOnes(id)).toEqual([here]);
    provider.accounts.set(sub, { email, email_verified: true });
    await signIn(sub);
    expect(await openOnes(id)).toEqual([]);
    const revoked = await cluster.sql(
      `select subject from events where kind = 'invitation-revoked' and actor = 'system' order by id`,
    );
    expect(revoked.map(({ subject }) => subject)).toEqual([`invitation:${elsewhere}`, `invitation:${here}`]);
  });

  it('nobody is taken away who is the last to administer', async () => {
    await cluster.sql('update auth."user" set is_installation_admin = false');
    await cluster.sql('delete from members where workspace_id = $1', [cluster.workspace]);
    const { email } = await cluster.addPerson('Die Letzte');
    const { sub } = known({ email, groups: ['it-admins', 'gm-admins'] });
    await signIn(sub);
    provider.accounts.set(sub, { email, email_verified: true });
    expect(await signIn(sub)).toBe('/');
    expect(await accountOf(email)).toMatchObject({ is_installation_admin: true });
    expect(await membershipsOf(email)).toEqual([{ name: 'Testklinik', role: 'admin', source: 'groups' }]);
  });

  it('nothing in a workspace that is not there', async () => {
    const { email } = await cluster.addPerson('Nirgends');
    expect(await signIn(known({ email, groups: ['gm-nowhere'] }).sub)).toBe('/');
    expect(await membershipsOf(email)).toEqual([]);
  });

  it('no account without an invitation where accounts are not made at the first sign-in', async () => {
    expect(await signIn(known({ groups: ['gm-team'] }).sub)).toBe('/sign-in?error=sso-not-invited');
  });
});

describe('signing out', () => {
  it('leads to the provider, which ends its own session, and back to the page for signing in', async () => {
    const { email } = await cluster.addPerson('Abmelden');
    const { sub } = known({ email });
    const browsing = new Browsing();
    await signIn(sub, browsing);
    // The provider still knows who it is.
    await browsing.request(`${cluster.url()}/api/auth/sign-out`, {
      method: 'POST',
      headers: { origin: cluster.url(), 'content-type': 'application/json' },
      body: '{}',
    });
    const again = (await (await beginSingleSignOn(browsing, cluster.url())).json()) as { url: string };
    const isBack = (at: string) => at === `${cluster.url()}/` || at.includes('/interaction/');
    expect((await browsing.follow(again.url, isBack)).url).toBe(`${cluster.url()}/`);

    const out = await browsing.request(`${cluster.url()}/api/auth/sign-out`, {
      method: 'POST',
      headers: { origin: cluster.url(), 'content-type': 'application/json' },
      body: '{}',
    });
    const { url, redirect } = (await out.json()) as { url: string; redirect: boolean };
    expect(redirect).toBe(false);
    expect(new URL(url).searchParams.get('post_logout_redirect_uri')).toBe(`${cluster.url()}/sign-in`);
    const form = await (await browsing.request(url)).text();
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(form)?.[1] ?? '';
    const confirmed = await browsing.request(`${provider.issuer}/session/end/confirm`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ xsrf, logout: 'yes' }).toString(),
    });
    expect(confirmed.headers.get('location')).toBe(`${cluster.url()}/sign-in`);
    const anew = (await (await beginSingleSignOn(browsing, cluster.url())).json()) as { url: string };
    expect((await browsing.follow(anew.url, isBack)).url).toContain('/interaction/');
  });

  it('leads nowhere for who signed in with a password', async () => {
    const person = await cluster.addPerson('Passwort');
    await signIn(known({ email: person.email }).sub);
    const out = await callHttp(cluster, '/api/auth/sign-out', {
      as: person,
      method: 'POST',
      json: {},
      headers: { origin: cluster.url() },
    });
    expect(await out.json()).toEqual({ success: true });
  });

  it('at the provider ends the sessions here at once, those of others not', async () => {
    const { email } = await cluster.addPerson('Überall');
    const other = await cluster.addPerson('Bleibt');
    const { sub } = known({ email });
    const browsing = new Browsing();
    await signIn(sub, browsing);
    const elsewhere = new Browsing();
    await signIn(sub, elsewhere);
    const me = async (of: Browsing) => (await of.request(`${cluster.url()}/api/v1/me`)).status;
    expect(await me(browsing)).toBe(200);

    // Ended at the provider itself, as by another application.
    const form = await (await browsing.request(`${provider.issuer}/session/end`)).text();
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(form)?.[1] ?? '';
    await browsing.request(`${provider.issuer}/session/end/confirm`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ xsrf, logout: 'yes' }).toString(),
    });
    await eventually(async () => expect(await me(browsing)).toBe(401));
    // Another session at the provider.
    expect(await me(elsewhere)).toBe(200);
    expect((await callHttp(cluster, '/api/v1/me', { as: other })).status).toBe(200);
  });
});

describe('two accounts of one person', () => {
  const administrator = async () => {
    const person = await cluster.addPerson('IT');
    await cluster.sql('update auth."user" set is_installation_admin = true where id = $1', [person.id]);
    return person;
  };
  const act = (as: Awaited<ReturnType<typeof administrator>>, method: string, path: string, json?: object) =>
    callHttp(cluster, `/api/v1/administration/accounts/${path}`, { as, method, ...(json ? { json } : {}) });

  it('become one by an administrator: with its link, its memberships, and nothing of the other left', async () => {
    const it = await administrator();
    const kept = await cluster.addPerson('Anna Alt');
    const { sub, email } = known();
    await invite(email, 'editor');
    const browsing = new Browsing();
    await signIn(sub, browsing);
    const { id } = (await accountOf(email)) ?? {};
    const underWay = `insert into imports (workspace_id, created_by, filename, size_bytes) values ($1, $2, 'a.csv', 1)`;
    await cluster.sql(underWay, [cluster.workspace, id]);
    await expectProblem(await act(kept, 'POST', `${String(id)}/merge`, { into: kept.id }), 'forbidden');
    await expectProblem(await act(it, 'POST', `${it.id}/merge`, { into: kept.id }), 'own-account');
    await expectProblem(await act(it, 'POST', `${kept.id}/merge`, { into: kept.id }), 'invalid-field');
    const merged = await act(it, 'POST', `${String(id)}/merge`, { into: kept.id });
    expect(await merged.json()).toMatchObject({ id: kept.id, providers: ['oidc'], workspaces: [{ role: 'editor' }] });
    expect(await accountOf(email)).toBeUndefined();
    expect((await browsing.request(`${cluster.url()}/api/v1/me`)).status).toBe(401);
    expect(await eventsOf(kept.email)).toEqual(['account-merged']);
    expect(await cluster.sql('select status, cancelled_by from imports where created_by = $1', [id])).toEqual([
      { status: 'paused', cancelled_by: null },
    ]);
    const again = new Browsing();
    await signIn(sub, again);
    expect(await (await again.request(`${cluster.url()}/api/v1/me`)).json()).toMatchObject({ user: { id: kept.id } });
  });

  it('are not tied to the provider any more when an administrator says so', async () => {
    const it = await administrator();
    const { sub, email } = known();
    await invite(email);
    await signIn(sub);
    const { id } = (await accountOf(email)) ?? {};
    expect((await act(it, 'DELETE', `${String(id)}/single-sign-on`)).status).toBe(204);
    expect(await eventsOf(email)).toContain('account-unlinked');
    // The address is somebody else's now.
    expect(await signIn(known({ email }).sub)).toBe('/');
  });

  it('not where nobody would be left who may administer', async () => {
    const it = await administrator();
    const workspace = await cluster.addWorkspace('Nur eine');
    const last = await cluster.addPerson('Letzte', { workspace, role: 'admin' });
    const other = await cluster.addPerson('Andere', { workspace, role: 'viewer' });
    await expectProblem(await act(it, 'POST', `${last.id}/merge`, { into: other.id }), 'last-administrator');
    expect(await accountOf(last.email)).toBeDefined();
  });
});

describe('a provider that is away', () => {
  it('is said when somebody wants to sign in, and is asked again later', async () => {
    await provider.stop();
    await eventually(async () => {
      await expectProblem(await beginSingleSignOn(new Browsing(), cluster.url()), 'sso-unavailable');
    });
    await provider.start();
    await eventually(async () => expect((await beginSingleSignOn(new Browsing(), cluster.url())).status).toBe(200));
  });
});

describe('what the page for signing in knows', () => {
  it('what single sign-on is called, and that there are passwords', async () => {
    expect(await (await callHttp(cluster, '/api/v1/entry')).json()).toMatchObject({
      passwords: true,
      singleSignOn: { name: 'Klinik-Anmeldung' },
    });
  });

  it('begins nothing but this flow: no token of whoever holds one, no scopes, no other page for errors', async () => {
    for (const more of [
      { idToken: { token: 'a.b.c' } },
      { scopes: ['offline_access'] },
      { errorCallbackURL: '/x' },
      { newUserCallbackURL: '/x' },
      { requestSignUp: true },
      { additionalParams: { prompt: 'none' } },
      { provider: 'github' },
    ]) {
      const response = await callHttp(cluster, '/api/auth/sign-in/social', {
        method: 'POST',
        headers: { origin: cluster.url() },
        json: { provider: 'oidc', callbackURL: '/', ...more },
      });
      expect(response.status, JSON.stringify(more)).toBe(400);
    }
  });

  it('leads back to no other site', async () => {
    for (const callbackURL of [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      '/\t/evil.example',
      '/.//evil.example',
      'javascript:alert(1)',
    ]) {
      const response = await callHttp(cluster, '/api/auth/sign-in/social', {
        method: 'POST',
        headers: { origin: cluster.url() },
        json: { provider: 'oidc', callbackURL },
      });
      expect(response.status, callbackURL).toBe(400);
    }
  });

  it('asks who it is at the provider where others work too', async () => {
    const response = await callHttp(cluster, '/api/auth/sign-in/social', {
      method: 'POST',
      headers: { origin: cluster.url(), 'meldesync-shared': '1' },
      json: { provider: 'oidc', callbackURL: '/' },
    });
    const { url } = (await response.json()) as { url: string };
    expect(new URL(url).searchParams.get('prompt')).toBe('login');
  });
});
