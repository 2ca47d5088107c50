import { type Cluster, expectProblem, startCluster } from '@meldesync/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CookieJar } from './cookie-jar.ts';
import { beginOneTimePasswords } from './one-time-passwords.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({
    nodes: 2,
    worker: false,
    relay: false,
    logLevel: 'silent',
    // As after a change of the secret without the former one on the list.
    sessionsOfNode: (node) => (node === 1 ? { authSecret: 'another secret, of thirty-two characters' } : {}),
  });
});
afterAll(() => cluster[Symbol.asyncDispose]());

it('one-time codes under a secret that is gone are refused with what to do, and not as an error of ours', async () => {
  const anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
  const jar = new CookieJar(cluster);
  await jar.signIn(anna.email, anna.password);
  const app = await beginOneTimePasswords(jar, anna.password);
  expect((await jar.post('/api/auth/two-factor/verify-totp', { code: app.code() })).status).toBe(200);

  const origin = cluster.url(1);
  const post = (path: string, json: object, cookie = '') =>
    fetch(`${origin}${path}`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json', ...(cookie !== '' && { cookie }) },
      body: JSON.stringify(json),
    });
  const begun = await post('/api/auth/sign-in/email', { email: anna.email, password: anna.password });
  expect(await begun.json()).toMatchObject({ twoFactorRedirect: true });
  const cookie = begun.headers
    .getSetCookie()
    .map((set) => set.split(';')[0])
    .join('; ');
  const enter = (kind: string, code: string | undefined) => post(`/api/auth/two-factor/${kind}`, { code }, cookie);
  await expectProblem(await enter('verify-totp', app.code(1)), 'second-factor-unreadable');
  await expectProblem(await enter('verify-backup-code', app.recoveryCodes[0]), 'second-factor-unreadable');
});
