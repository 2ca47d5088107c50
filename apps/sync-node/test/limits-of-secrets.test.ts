import { SESSION_KIND_HEADER } from '@meldesync/protocol';
import { describe, expect, it } from 'vitest';
import { SIGN_IN_PATHS } from '../src/http/sign-in-routes.ts';
import { setUpApi } from './api-setup.ts';
import { CookieJar } from './cookie-jar.ts';
import { type Answered, callFrom, TOKEN_QUESTION } from './limits-setup.ts';
import { beginOneTimePasswords } from './one-time-passwords.ts';

const { cluster } = await setUpApi({ relay: false, trustedProxies: ['127.0.0.1'] });
const origin = cluster.url();
const port = cluster.nodes[0]?.port ?? 0;
const join = (name: string) => cluster.addPerson(name, { workspace: cluster.workspace, role: 'editor' });

/** Sends something wrong, from an address. */
type Wrong = (address: string, count: number) => Promise<Answered>;

interface SecretRoute {
  readonly path: string;
  /** How it is refused while it is looked at. */
  readonly wrong: string;
  /** So many are looked at before. */
  readonly free: number;
  readonly begin: () => Promise<Wrong>;
}

const post = (path: string, address: string, json: unknown, headers: Record<string, string> = {}) =>
  callFrom(path, { port, json, headers: { origin, 'x-forwarded-for': address, ...headers } });

/** Somebody who is signed in, and tries there. */
async function signedIn(path: string, json: (count: number) => object, before?: (id: string) => Promise<unknown>) {
  const person = await join('Session');
  await before?.(person.id);
  const authorization = `Bearer ${person.token}`;
  return (address: string, count: number) => post(path, address, json(count), { authorization });
}

/** Somebody whose password was right: `enter` gives the cookies of each challenge, which takes five codes. */
async function challenged(path: string): Promise<Wrong> {
  const person = await join('Codes');
  const jar = new CookieJar(cluster);
  await jar.signIn(person.email, person.password);
  const app = await beginOneTimePasswords(jar, person.password);
  expect((await jar.post('/api/auth/two-factor/verify-totp', { code: app.code() })).status).toBe(200);
  let entered = new CookieJar(cluster);
  return async (address, count) => {
    if (count % 5 === 0) {
      entered = new CookieJar(cluster);
      expect((await entered.signIn(person.email, person.password)).status).toBe(200);
    }
    return post(path, address, { code: path.endsWith('totp') ? '000000' : 'aaaaa-bbbbb' }, { cookie: entered.header });
  };
}

const password = (count: number) => ({ password: `not the password ${count}` });
const secret = 'x'.repeat(43);
const link = (path: string, more: object = {}): SecretRoute => ({
  path,
  wrong: 'link-unknown',
  free: 30,
  begin: async () => (address) => post(path, address, { secret, ...more }),
});

const ROUTES: readonly SecretRoute[] = [
  {
    path: '/api/auth/sign-in/email',
    wrong: 'credentials-wrong',
    free: 10,
    begin: async () => {
      const { email } = await join('Stranger');
      return (address, count) =>
        post('/api/auth/sign-in/email', address, { email, ...password(count) }, { [SESSION_KIND_HEADER]: 'browser' });
    },
  },
  ...['verify-totp', 'verify-backup-code'].map((step): SecretRoute => {
    const path = `/api/auth/two-factor/${step}`;
    return { path, wrong: 'code-wrong', free: 10, begin: () => challenged(path) };
  }),
  ...['enable', 'disable', 'generate-backup-codes'].map((act): SecretRoute => {
    const path = `/api/auth/two-factor/${act}`;
    const withFactor = (id: string) =>
      act === 'generate-backup-codes'
        ? cluster.sql('update auth."user" set two_factor_enabled = true where id = $1', [id])
        : Promise.resolve();
    return { path, wrong: 'password-wrong', free: 10, begin: () => signedIn(path, password, withFactor) };
  }),
  {
    path: '/api/v1/me/reauthenticate',
    wrong: 'password-wrong',
    free: 10,
    begin: () => signedIn('/api/v1/me/reauthenticate', password),
  },
  {
    path: '/api/v1/me/password',
    wrong: 'password-wrong',
    free: 10,
    begin: () =>
      signedIn('/api/v1/me/password', (count) => ({ current: `not the password ${count}`, new: 'Kreide Turm Ahorn' })),
  },
  ...['look', 'allow', 'deny'].map((act): SecretRoute => {
    const path = `/api/v1/device-sign-ins/${act}`;
    return { path, wrong: 'device-code-unknown', free: 10, begin: () => signedIn(path, () => ({ code: 'BBBBBBBB' })) };
  }),
  {
    path: '/api/auth/device/token',
    wrong: 'invalid_grant',
    free: 30,
    begin: async () => (address, count) =>
      post('/api/auth/device/token', address, { ...TOKEN_QUESTION, device_code: `${secret}${count}` }),
  },
  {
    path: '/api/auth/passkey/verify-authentication',
    wrong: 'passkey-unknown',
    free: 30,
    begin: async () => async (address) => {
      const jar = new CookieJar(cluster);
      await jar.get('/api/auth/passkey/generate-authenticate-options');
      const json = { response: { id: 'nobody' } };
      return post('/api/auth/passkey/verify-authentication', address, json, { cookie: jar.header });
    },
  },
  link('/api/v1/invitations/look'),
  link('/api/v1/invitations/accept', { name: 'Eva', password: 'Kreide Turm Ahorn' }),
  link('/api/v1/password-links/look'),
  link('/api/v1/password-links/use', { password: 'Kreide Turm Ahorn' }),
];

describe('every route that tries a secret', () => {
  it.each(ROUTES.map((route, index) => ({ ...route, index })))(
    'POST $path is slowed once $free were wrong, at that address',
    async ({ wrong, free, begin, index }) => {
      const send = await begin();
      const address = `203.0.113.${index + 1}`;
      const answers: Answered[] = [];
      for (let count = 0; count < free; count++) answers.push(await send(address, count));
      expect(new Set(answers.map(({ code }) => code))).toEqual(new Set([wrong]));
      // Where looking at one takes longer than the first delays, some more are looked at.
      const untilRefused = async (count: number): Promise<Answered> => {
        const answer = await send(address, count);
        if (answer.code !== wrong) return answer;
        expect(count % (10 * free)).toBeLessThan(free + 5);
        return untilRefused(count + 1);
      };
      const refused = await untilRefused(free);
      expect(refused).toMatchObject({ status: 429, code: 'rate-limited' });
      expect(refused.retryAfter).toBeGreaterThan(0);
      expect((await send(`198.51.100.${index + 1}`, 5 * free)).code).toBe(wrong);
      await new Promise((resolve) => setTimeout(resolve, (refused.retryAfter ?? 0) * 1_000 + 50));
      expect((await send(address, 10 * free)).code).toBe(wrong);
      expect((await untilRefused(10 * free + 1)).code).toBe('rate-limited');
    },
  );

  it('is among them, or tries none', () => {
    const tried = new Set(ROUTES.map(({ path }) => path));
    const others = SIGN_IN_PATHS.filter((path) => !tried.has(path)).map((path) => path.replace('/api/auth/', ''));
    expect(new Set(others)).toEqual(
      new Set([
        // The provider's, judged by it and by signatures.
        'sign-in/social',
        'callback/oidc',
        'oidc/back-channel-logout',
        // They ask for a session, or begin something.
        'sign-out',
        'get-session',
        'device/code',
        'passkey/generate-authenticate-options',
        'passkey/generate-register-options',
        'passkey/verify-registration',
        'passkey/list-user-passkeys',
        'passkey/update-passkey',
        'passkey/delete-passkey',
      ]),
    );
  });
});

it('passkeys of nobody, tried without end, fill no table', async () => {
  const address = '203.0.113.201';
  for (let count = 0; count < 90; count++) {
    const jar = new CookieJar(cluster);
    await jar.get('/api/auth/passkey/generate-authenticate-options');
    const json = { response: { id: 'nobody' } };
    const answer = await post('/api/auth/passkey/verify-authentication', address, json, { cookie: jar.header });
    expect(answer.status).toBeGreaterThanOrEqual(400);
  }
  const told = await cluster.sql(
    `select kind, count(*)::int as count from events where address = $1 group by 1 order by 1`,
    [address],
  );
  expect(told).toEqual([
    { kind: 'sign-in-failed', count: 30 },
    { kind: 'sign-in-slowed', count: 1 },
  ]);
});

it('a link that is right opens, whatever is tried beside it', async () => {
  const admin = await cluster.addPerson('Admin', { workspace: cluster.workspace, role: 'admin' });
  const made = await callFrom(`/api/v1/administration/workspaces/${cluster.workspace}/invitations`, {
    port,
    headers: { authorization: `Bearer ${admin.token}` },
    json: { email: 'invited@test.example', role: 'viewer' },
  });
  const { url } = (JSON.parse(made.body) as { link: { url: string } }).link;
  const right = { secret: url.slice(url.indexOf('#') + 1) };
  const address = '203.0.113.200';
  for (let count = 0; count < 31; count++) await post('/api/v1/invitations/look', address, { secret });
  expect((await post('/api/v1/invitations/look', address, { secret })).code).toBe('rate-limited');
  expect((await post('/api/v1/invitations/look', address, right)).status).toBe(200);
});

it('exports of one person are so many an hour, and those of others are not held up', async () => {
  const [greedy, other] = [await join('Greedy'), await join('Other')];
  const path = `/api/v1/workspaces/${cluster.workspace}/imports/3f0c1b2a-9d8e-4c7b-a6f5-e4d3c2b1a098/export`;
  const ask = ({ token }: { token: string }) => callFrom(path, { port, headers: { authorization: `Bearer ${token}` } });
  for (let count = 0; count < 300; count++) expect((await ask(greedy)).status).toBe(404);
  const refused = await ask(greedy);
  expect(refused).toMatchObject({ status: 429, code: 'rate-limited' });
  expect(refused.retryAfter).toBeGreaterThan(60);
  expect((await ask(other)).status).toBe(404);
});
