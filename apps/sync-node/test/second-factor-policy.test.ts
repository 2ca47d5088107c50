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
