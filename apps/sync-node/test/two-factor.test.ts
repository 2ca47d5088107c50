import { SESSION_KIND_HEADER, TOKEN_HEADER } from '@meldesync/protocol';
import { callHttp, expectProblem, type TestPerson } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { setUpApi } from './api-setup.ts';
import { CookieJar } from './cookie-jar.ts';
import { beginOneTimePasswords } from './one-time-passwords.ts';

const { cluster } = await setUpApi();
const join = (name: string) => cluster.addPerson(name, { workspace: cluster.workspace, role: 'editor' });

const verify = (jar: CookieJar, code: string, more: object = {}) =>
  jar.post('/api/auth/two-factor/verify-totp', { code, ...more });
const recover = (jar: CookieJar, code: string) => jar.post('/api/auth/two-factor/verify-backup-code', { code });
const kindsOf = async ({ id }: TestPerson) =>
  (await cluster.sql('select kind, after from events where subject = $1 order by id', [`user:${id}`])).map(
    ({ kind, after }) => ({ kind, ...(after as object | null) }),
  );

/** Somebody who has one-time passwords, confirmed with the code of now: the next one is still good for signing in. */
async function enrolled(name: string) {
  const person = await join(name);
  const jar = new CookieJar(cluster);
  await jar.signIn(person.email, person.password);
  const app = await beginOneTimePasswords(jar, person.password);
  expect((await verify(jar, app.code())).status).toBe(200);
  const enter = async () => {
    const entered = new CookieJar(cluster);
    expect(await (await entered.signIn(person.email, person.password)).json()).toMatchObject({
      twoFactorRedirect: true,
      twoFactorMethods: ['totp'],
    });
    return entered;
  };
  return { person, jar, app, enter };
}

it('a code is asked for after the password, opens a session once, and what happened is on record', async () => {
  const { person, jar, app, enter } = await enrolled('Berta');
  expect((await jar.get('/api/v1/me')).status).toBe(200);
  const entered = await enter();
  expect((await entered.get('/api/v1/me')).status).toBe(401);
  await expectProblem(await verify(entered, '000000'), 'code-wrong');
  const code = app.code(1);
  expect((await verify(entered, code)).status).toBe(200);
  expect((await entered.get('/api/v1/me')).status).toBe(200);

  const replay = await enter();
  await expectProblem(await verify(replay, code), 'code-wrong');
  expect((await replay.get('/api/v1/me')).status).toBe(401);
  expect(await kindsOf(person)).toEqual([
    { kind: 'sign-in', method: 'password' },
    { kind: 'second-factor-set-up' },
    { kind: 'sign-in-failed', method: 'password', secondFactor: 'code' },
    { kind: 'sign-in', method: 'password', secondFactor: 'code' },
    { kind: 'sign-in-failed', method: 'password', secondFactor: 'code' },
  ]);
  const sessions = await cluster.sql(
    `select method from auth.session where user_id = $1 and created_at > now() - interval '1 hour'`,
    [person.id],
  );
  expect(sessions.map(({ method }) => method)).toEqual(['password', 'password', 'password']);
});

it('a terminal gets a token once its code was right, and none with the question for it', async () => {
  const { person, app } = await enrolled('Tilda');
  const asTerminal = (path: string, json: object, headers: Record<string, string> = {}) =>
    callHttp(cluster, `/api/auth${path}`, {
      method: 'POST',
      json,
      headers: { [SESSION_KIND_HEADER]: 'terminal', ...headers },
    });
  const first = await asTerminal('/sign-in/email', { email: person.email, password: person.password });
  expect(first.headers.get(TOKEN_HEADER)).toBeNull();
  expect(await first.json()).toEqual({ twoFactorRedirect: true, twoFactorMethods: ['totp'] });
  const cookie = first.headers
    .getSetCookie()
    .map((set) => set.split(';')[0])
    .join('; ');
  const code = { code: app.code(1) };
  await expectProblem(await asTerminal('/two-factor/verify-totp', code), 'sign-in-expired');
  await expectProblem(await asTerminal('/two-factor/verify-totp', code, { cookie }), 'foreign-origin');
  const second = await asTerminal('/two-factor/verify-totp', code, { cookie, origin: cluster.url() });
  const token = second.headers.get(TOKEN_HEADER) ?? '';
  expect((await callHttp(cluster, '/api/v1/me', { as: { ...person, token } })).status).toBe(200);
});

it('who signs in over a session gives it up with the password, whether or not a code follows', async () => {
  const { person, jar } = await enrolled('Bruno');
  const [{ id = '' } = {}] = await cluster.sql(
    'select id from auth.session where user_id = $1 order by created_at desc limit 1',
    [person.id],
  );
  expect(await (await jar.signIn(person.email, person.password)).json()).toMatchObject({ twoFactorRedirect: true });
  expect(await cluster.sql('select id from auth.session where id = $1', [id])).toEqual([]);
});

it('a device is not trusted, whatever it asks for', async () => {
  const { app, enter } = await enrolled('Clara');
  const entered = await enter();
  expect((await verify(entered, app.code(1), { trustDevice: true })).status).toBe(200);
  expect(entered.header).not.toContain('trust_device');
});

it('a recovery code opens once; new ones replace the old, and ask for the password', async () => {
  const { person, jar, app, enter } = await enrolled('Dora');
  const [first = '', second = ''] = app.recoveryCodes;
  const left = async () => (await jar.get('/api/v1/me/recovery-codes')).json();
  expect(await left()).toEqual({ left: 10 });
  const recovered = await enter();
  expect((await recover(recovered, first)).status).toBe(200);
  expect((await recovered.get('/api/v1/me')).status).toBe(200);
  await expectProblem(await recover(await enter(), first), 'code-wrong');
  expect(await left()).toEqual({ left: 9 });

  const renew = (password: string) => jar.post('/api/auth/two-factor/generate-backup-codes', { password });
  await expectProblem(await renew('not the password'), 'password-wrong');
  const { backupCodes } = (await (await renew(person.password)).json()) as { backupCodes: string[] };
  expect(backupCodes).toHaveLength(10);
  await expectProblem(await recover(await enter(), second), 'code-wrong');
  expect((await recover(await enter(), backupCodes[0] ?? '')).status).toBe(200);
  expect(await left()).toEqual({ left: 9 });
});

it('wrong codes slow those that follow, also right ones, and lock nobody out', async () => {
  const { app, enter } = await enrolled('Emil');
  const answers: string[] = [];
  for (let sheet = 0; sheet < 2; sheet++) {
    const entered = await enter();
    for (let count = 0; count < 5; count++)
      answers.push(((await (await verify(entered, '000000')).json()) as { code: string }).code);
  }
  expect(answers).toEqual(Array.from({ length: 10 }, () => 'code-wrong'));
  // Where signing in takes longer than the first delays, some more are looked at.
  const entered = await enter();
  for (let count = 0; (await verify(entered, '000000')).status !== 429; count++) expect(count).toBeLessThan(4);
  const refused = await verify(entered, app.code(1));
  const waitMs = Number(refused.headers.get('retry-after')) * 1_000;
  await expectProblem(refused, 'rate-limited');
  expect(waitMs).toBeGreaterThan(0);
  await new Promise((resolve) => setTimeout(resolve, waitMs + 50));
  expect((await verify(await enter(), app.code(1))).status).toBe(200);
});

it('is ended with the password only, and then no code is asked for', async () => {
  const { person, jar } = await enrolled('Frida');
  const disable = (password: string) => jar.post('/api/auth/two-factor/disable', { password });
  await expectProblem(await disable('not the password'), 'password-wrong');
  expect((await disable(person.password)).status).toBe(200);
  expect(await (await new CookieJar(cluster).signIn(person.email, person.password)).json()).not.toHaveProperty(
    'twoFactorRedirect',
  );
  expect(await cluster.sql('select id from auth.two_factor where user_id = $1', [person.id])).toEqual([]);
  expect((await kindsOf(person)).map(({ kind }) => kind)).toContain('second-factor-removed');
});

it.each(['enable', 'disable', 'generate-backup-codes'])(
  'a wrong password at %s is on record, and soon none is looked at any more',
  async (act) => {
    const person = await join('Greta');
    const jar = new CookieJar(cluster);
    await jar.signIn(person.email, person.password);
    if (act === 'generate-backup-codes')
      await cluster.sql('update auth."user" set two_factor_enabled = true where id = $1', [person.id]);
    const tried: string[] = [];
    // Where looking at one takes longer than the first delays, a few more are looked at.
    for (let count = 0; count < 16 && tried.at(-1) !== 'rate-limited'; count++) {
      const answer = await jar.post(`/api/auth/two-factor/${act}`, { password: `not the password ${count}` });
      tried.push(((await answer.json()) as { code: string }).code);
    }
    const looked = tried.slice(0, -1);
    expect(looked.length).toBeGreaterThanOrEqual(10);
    expect(new Set(looked)).toEqual(new Set(['password-wrong']));
    expect(tried.at(-1)).toBe('rate-limited');
    const failed = await cluster.sql(
      `select e.after, s.user_id from events e join auth.session s on s.id = e.session_id
         where e.kind = 'sign-in-failed' and e.subject = $1`,
      [`user:${person.id}`],
    );
    expect(failed).toEqual(looked.map(() => ({ after: { method: 'password' }, user_id: person.id })));
    await expectProblem(await jar.post(`/api/auth/two-factor/${act}`, { password: person.password }), 'rate-limited');
  },
);

it('keeps neither secret nor recovery codes readable', async () => {
  const { person, app } = await enrolled('Gerda');
  const [row] = await cluster.sql('select secret, backup_codes from auth.two_factor where user_id = $1', [person.id]);
  for (const code of app.recoveryCodes) expect(JSON.stringify(row)).not.toContain(code);
  expect(String(row?.['secret'])).toMatch(/^\$ba\$|^[0-9a-f]{64,}$/);
});

it('the second step without the first, and the set-up without a session, are refused', async () => {
  const nobody = new CookieJar(cluster);
  await expectProblem(await verify(nobody, '000000'), 'sign-in-expired');
  await expectProblem(await recover(nobody, 'abcde-fghij'), 'sign-in-expired');
  for (const path of ['enable', 'disable', 'generate-backup-codes'])
    await expectProblem(await nobody.post(`/api/auth/two-factor/${path}`, { password: 'x' }), 'unauthenticated');
  for (const path of ['two-factor/send-otp', 'two-factor/verify-otp', 'two-factor/get-totp-uri'])
    await expectProblem(await nobody.post(`/api/auth/${path}`, {}), 'not-found');
});

it('a page of somebody else sets nothing up, and is told why', async () => {
  const person = await join('Quirin');
  const jar = new CookieJar(cluster);
  await jar.signIn(person.email, person.password);
  for (const origin of ['https://evil.example', 'null']) {
    const call = { method: 'POST', json: { password: person.password }, headers: { origin, cookie: jar.header } };
    await expectProblem(await callHttp(cluster, '/api/auth/two-factor/enable', call), 'foreign-origin');
  }
});
