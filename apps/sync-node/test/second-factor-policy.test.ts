import { CLOSE_CODES } from '@meldesync/protocol';
import { callHttp, connectRaw, expectProblem } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { setUpApi } from './api-setup.ts';
import { CookieJar } from './cookie-jar.ts';
import { beginOneTimePasswords } from './one-time-passwords.ts';

const { cluster, anna, inWorkspace } = await setUpApi({ requiresSecondFactor: true });

async function greet(jar: CookieJar) {
  const socket = await connectRaw(cluster.url(), { headers: { cookie: jar.header, origin: cluster.url() } });
  socket.send({ type: 'hello', workspace: cluster.workspace, client: { kind: 'api', version: '1' } });
  return socket;
}

it('who has a password alone reaches their account and the set-up of a second factor, and nothing else', async () => {
  const jar = new CookieJar(cluster);
  expect((await jar.signIn(anna.email, anna.password)).status).toBe(200);
  expect(await (await jar.get('/api/v1/me')).json()).toMatchObject({ needsSecondFactor: true });
  for (const path of [inWorkspace('/members'), inWorkspace('/records'), inWorkspace('/imports'), '/api/v1/operations'])
    await expectProblem(await jar.get(path), 'second-factor-needed');
  const refused = await greet(jar);
  expect(await refused.closeCode()).toBe(CLOSE_CODES.secondFactorNeeded);
  expect(refused.messages).toEqual([]);
  await expectProblem(await callHttp(cluster, inWorkspace('/members'), { as: anna }), 'second-factor-needed');

  const app = await beginOneTimePasswords(jar, anna.password);
  await expectProblem(await jar.get(inWorkspace('/members')), 'second-factor-needed');
  expect((await jar.post('/api/auth/two-factor/verify-totp', { code: app.code() })).status).toBe(200);
  expect(await (await jar.get('/api/v1/me')).json()).not.toHaveProperty('needsSecondFactor');
  expect((await jar.get(inWorkspace('/members'))).status).toBe(200);
  const socket = await greet(jar);
  await socket.next('welcome');

  // Whoever gives it up again is out again, everywhere.
  await cluster.sql(`update auth."user" set two_factor_enabled = false where id = $1`, [anna.id]);
  await cluster.sql('delete from auth.two_factor where user_id = $1', [anna.id]);
  expect(await socket.closeCode()).toBe(CLOSE_CODES.secondFactorNeeded);
  await expectProblem(await jar.get(inWorkspace('/members')), 'second-factor-needed');
});

it('who came by the hospital’s provider, and a program, need none', async () => {
  const bert = await cluster.addPerson('Bert', { workspace: cluster.workspace, role: 'viewer' });
  const jar = new CookieJar(cluster);
  await jar.signIn(bert.email, bert.password);
  const members = async () => (await jar.get(inWorkspace('/members'))).status;
  expect(await members()).toBe(403);
  await cluster.sql(`update auth.session set method = 'oidc' where user_id = $1`, [bert.id]);
  expect(await members()).toBe(200);
  await cluster.sql(`update auth.session set method = null where user_id = $1`, [bert.id]);
  expect(await members()).toBe(403);
  await cluster.sql(`update auth.session set kind = 'service' where user_id = $1`, [bert.id]);
  expect(await members()).toBe(200);
});

it('where a passkey is somebody’s second factor, their password alone opens nothing', async () => {
  const carl = await cluster.addPerson('Carl', { workspace: cluster.workspace, role: 'viewer' });
  await addPasskey(carl.id);
  const jar = new CookieJar(cluster);
  await expectProblem(await jar.signIn(carl.email, carl.password), 'passkey-needed');
  await expectProblem(await jar.get('/api/v1/me'), 'unauthenticated');
  // A wrong password is told nothing of passkeys.
  expect((await jar.signIn(carl.email, 'Kreide Turm Ahorn Gabel')).status).toBe(401);
});

it('whoever sets up a second factor ends what their password alone had begun elsewhere', async () => {
  const dora = await cluster.addPerson('Dora', { workspace: cluster.workspace, role: 'viewer' });
  const [own, other] = [new CookieJar(cluster), new CookieJar(cluster)];
  await own.signIn(dora.email, dora.password);
  await other.signIn(dora.email, dora.password);
  const app = await beginOneTimePasswords(own, dora.password);
  expect((await own.post('/api/auth/two-factor/verify-totp', { code: app.code() })).status).toBe(200);
  expect((await own.get(inWorkspace('/members'))).status).toBe(200);
  await expectProblem(await other.get(inWorkspace('/members')), 'unauthenticated');
  await expectProblem(await callHttp(cluster, inWorkspace('/members'), { as: dora }), 'unauthenticated');
});

/** A passkey that nobody can use, in the place of one that a browser made. */
const addPasskey = (user: string) =>
  cluster.sql(
    `insert into auth.passkey (id, name, public_key, user_id, credential_id, counter, device_type, backed_up)
     values ($1, 'Laptop', 'none', $1, $1, 0, 'singleDevice', false)`,
    [user],
  );
