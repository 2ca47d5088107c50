import { randomUUID } from 'node:crypto';
import { type Cluster, callHttp, expectProblem, startCluster, type TestPerson } from '@meldesync/testkit';
import { Browsing, signInAtProvider, startTestProvider } from '@meldesync/testkit/single-sign-on';
import { afterAll, describe, expect, it } from 'vitest';

const WITHOUT_FEED = { nodes: 1, worker: false, relay: false } as const;

/** Its provider says of addresses nothing, and of people only in userinfo. */
const open = await startTestProvider({ claimsIn: 'userinfo' });
const opened = await startCluster({
  ...WITHOUT_FEED,
  passwordPolicy: 'administrators',
  oidc: (baseUrl) =>
    open.configFor(baseUrl, {
      isJustInTime: true,
      link: 'trusted',
      endsProviderSession: false,
      groupRoles: [{ group: 'gm-team', workspace: 'Testklinik', role: 'editor' }],
    }),
});
const closed = await startTestProvider();
const shut = await startCluster({
  ...WITHOUT_FEED,
  passwordPolicy: 'off',
  oidc: (baseUrl) => closed.configFor(baseUrl, { link: 'off', isJustInTime: true }),
});
afterAll(async () => {
  for (const part of [opened, shut, open, closed]) await part[Symbol.asyncDispose]();
});

const byPassword = (cluster: Cluster, { email }: TestPerson, password: string) =>
  callHttp(cluster, '/api/auth/sign-in/email', {
    method: 'POST',
    headers: { origin: cluster.url() },
    json: { email, password },
  });

describe('accounts made at the first sign-in', () => {
  it('for whose group is named, with what it gives', async () => {
    open.accounts.set('new', { email: 'new@test.example', name: 'Neu', groups: ['gm-team'] });
    const browsing = new Browsing();
    expect(await signInAtProvider(browsing, opened.url(), 'new')).toBe('/');
    const me = await browsing.request(`${opened.url()}/api/v1/me`);
    expect(await me.json()).toMatchObject({
      user: { name: 'Neu', email: 'new@test.example' },
      workspaces: [{ name: 'Testklinik', role: 'editor' }],
    });
  });

  it('not for others, where groups are set', async () => {
    open.accounts.set('other', { email: 'other@test.example', groups: ['elsewhere'] });
    expect(await signInAtProvider(new Browsing(), opened.url(), 'other')).toBe('/sign-in?error=sso-not-invited');
  });

  it('for everybody whom the provider lets in, where no groups are set', async () => {
    closed.accounts.set('new', { email: 'new@test.example', email_verified: true, name: 'Neu' });
    expect(await signInAtProvider(new Browsing(), shut.url(), 'new')).toBe('/');
  });

  it('never under an address that is not theirs', async () => {
    for (const account of [{ email: 'x@test.example', email_verified: false }, { name: 'Ohne Adresse' }]) {
      closed.accounts.set('unverified', account);
      expect(await signInAtProvider(new Browsing(), shut.url(), 'unverified')).toBe(
        '/sign-in?error=sso-email-unverified',
      );
    }
  });
});

describe('when an address leads to an account', () => {
  it('where it is trusted: also when the provider says nothing of it, not when it says that it is not theirs', async () => {
    const { email } = await opened.addPerson('Anna');
    open.accounts.set('anna', { email, email_verified: false });
    expect(await signInAtProvider(new Browsing(), opened.url(), 'anna')).toBe('/sign-in?error=sso-email-unverified');
    open.accounts.set('anna', { email });
    expect(await signInAtProvider(new Browsing(), opened.url(), 'anna')).toBe('/');
  });

  it('where it never does: nobody comes into an account or an invitation by it', async () => {
    const { email } = await shut.addPerson('Anna');
    closed.accounts.set('anna', { email, email_verified: true });
    expect(await signInAtProvider(new Browsing(), shut.url(), 'anna')).toBe('/sign-in?error=sso-not-invited');
  });
});

describe('signing out', () => {
  it('leads to no provider where that is switched off', async () => {
    open.accounts.set('leaves', { email: 'leaves@test.example', groups: ['gm-team'] });
    const browsing = new Browsing();
    await signInAtProvider(browsing, opened.url(), 'leaves');
    const out = await browsing.request(`${opened.url()}/api/auth/sign-out`, {
      method: 'POST',
      headers: { origin: opened.url(), 'content-type': 'application/json' },
      body: '{}',
    });
    expect(await out.json()).toEqual({ success: true });
  });
});

describe('passwords', () => {
  it('switched off sign nobody in, and the page is told', async () => {
    const person = await shut.addPerson('Ohne');
    await shut.sql('update auth."user" set is_installation_admin = true where id = $1', [person.id]);
    await expectProblem(await byPassword(shut, person, person.password), 'passwords-off');
    expect(await (await callHttp(shut, '/api/v1/entry')).json()).toMatchObject({ passwords: false });
  });

  it('left to administrators sign in those alone, and tell nobody else who they are', async () => {
    const person = await opened.addPerson('Ohne');
    await expectProblem(await byPassword(opened, person, person.password), 'passwords-off');
    const wrong = await byPassword(opened, person, 'wrong-password');
    await opened.sql('update auth."user" set is_installation_admin = true where id = $1', [person.id]);
    expect((await byPassword(opened, person, person.password)).status).toBe(200);
    expect((await byPassword(opened, person, 'wrong-password')).status).toBe(wrong.status);
    expect(await (await callHttp(opened, '/api/v1/entry')).json()).toMatchObject({ passwords: true });
  });

  it('switched off are chosen by no link, of an invitation, a new password or the set-up', async () => {
    const { id } = await shut.addPerson('Mit Link');
    await shut.sql('update auth."user" set is_installation_admin = true where id = $1', [id]);
    const secret = randomUUID();
    const hash = `encode(sha256($1::bytea), 'hex')`;
    await shut.sql(
      `insert into account_links (kind, user_id, created_by, secret_hash, expires_at) values ('password', $2, $2, ${hash}, now() + interval '1 hour')`,
      [secret, id],
    );
    await shut.sql(
      `insert into invitations (workspace_id, email, role, secret_hash, expires_at) values ($2, 'guest@test.example', 'viewer', ${hash}, now() + interval '1 hour')`,
      [secret, shut.workspace],
    );
    const post = (path: string, json: object) =>
      callHttp(shut, `/api/v1${path}`, { method: 'POST', headers: { origin: shut.url() }, json });
    const password = 'ein sehr langes Kennwort 4711';
    await expectProblem(await post('/password-links/use', { secret, password }), 'passwords-off');
    await expectProblem(await post('/invitations/accept', { secret, name: 'Gast', password }), 'passwords-off');
    const setUp = { secret, name: 'Erste', email: 'first@test.example', password, workspace: 'Haus' };
    await expectProblem(await post('/set-up', setUp), 'passwords-off');
  });
});
