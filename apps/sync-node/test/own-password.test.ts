import { CLOSE_CODES } from '@meldesync/protocol';
import { connectRaw, expectProblem, type TestPerson } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { setUpApi } from './api-setup.ts';
import { CookieJar } from './cookie-jar.ts';

const { cluster } = await setUpApi();
const NEW_PASSWORD = 'Kreide Turm Ahorn Gabel';

const join = (name: string) => cluster.addPerson(name, { workspace: cluster.workspace, role: 'editor' });

async function signedIn({ email, password }: TestPerson): Promise<CookieJar> {
  const jar = new CookieJar(cluster);
  expect((await jar.signIn(email, password)).status).toBe(200);
  return jar;
}

const change = (jar: CookieJar, current: string, wanted: string) =>
  jar.post('/api/v1/me/password', { current, new: wanted });
const eventsOf = async ({ id }: TestPerson, kind: string) =>
  cluster.sql(
    'select actor, session_id, address, subject, before, after from events where subject = $1 and kind = $2',
    [`user:${id}`, kind],
  );

it('changes the password, ends all other sessions and their sockets, and is on record', async () => {
  const berta = await join('Berta');
  const [own, other] = [await signedIn(berta), await signedIn(berta)];
  const socket = await connectRaw(cluster.url(), { headers: { cookie: other.header, origin: cluster.url() } });
  socket.send({ type: 'hello', workspace: cluster.workspace, client: { kind: 'api', version: '1' } });
  await socket.next('welcome');

  expect((await change(own, berta.password, NEW_PASSWORD)).status).toBe(204);

  expect(await socket.closeCode()).toBe(CLOSE_CODES.unauthenticated);
  expect((await other.get('/api/v1/me')).status).toBe(401);
  expect((await own.get('/api/v1/me')).status).toBe(200);
  const stranger = new CookieJar(cluster);
  expect((await stranger.signIn(berta.email, berta.password)).status).toBe(401);
  expect((await stranger.signIn(berta.email, NEW_PASSWORD)).status).toBe(200);
  expect(await eventsOf(berta, 'password-changed')).toEqual([
    expect.objectContaining({ actor: `user:${berta.id}`, address: '127.0.0.1', session_id: expect.any(String) }),
  ]);
});

it('refuses a password that nobody may have, and leaves the old one', async () => {
  const carla = await join('Carla Beispiel');
  const jar = await signedIn(carla);
  for (const [wanted, code] of [
    ['kurz', 'password-too-short'],
    [carla.email, 'password-is-address'],
    ['passwort1234', 'password-too-common'],
  ] as const)
    await expectProblem(await change(jar, carla.password, wanted), code);
  expect((await new CookieJar(cluster).signIn(carla.email, carla.password)).status).toBe(200);
});

it('refuses a wrong present password, puts that on record without it, and soon looks at no more', async () => {
  const dora = await join('Dora');
  const jar = await signedIn(dora);
  await expectProblem(await change(jar, 'not-the-right-one', NEW_PASSWORD), 'password-wrong');
  const failed = await eventsOf(dora, 'sign-in-failed');
  expect(failed).toEqual([expect.objectContaining({ actor: 'system', after: { method: 'password' } })]);
  expect(JSON.stringify(failed)).not.toContain('not-the-right-one');
  const codes: string[] = [];
  for (let count = 0; count < 15 && codes.at(-1) !== 'rate-limited'; count++)
    codes.push(((await (await change(jar, 'wrong again', NEW_PASSWORD)).json()) as { code: string }).code);
  expect(codes.at(0)).toBe('password-wrong');
  expect(codes.at(-1)).toBe('rate-limited');
});

it('is for whoever is signed in, and has a password', async () => {
  await expectProblem(await change(new CookieJar(cluster), 'a', NEW_PASSWORD), 'unauthenticated');
  const emil = await join('Emil');
  const jar = await signedIn(emil);
  await cluster.sql(`update auth.account set provider_id = 'oidc' where user_id = $1`, [emil.id]);
  await expectProblem(await change(jar, emil.password, NEW_PASSWORD), 'no-password');
});
