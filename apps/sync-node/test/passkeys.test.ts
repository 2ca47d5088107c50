import { expectProblem } from '@meldesync/testkit';
import { expect, it } from 'vitest';
import { setUpApi } from './api-setup.ts';
import { CookieJar } from './cookie-jar.ts';

const { cluster } = await setUpApi();

async function signedIn(name: string) {
  const person = await cluster.addPerson(name, { workspace: cluster.workspace, role: 'editor' });
  const jar = new CookieJar(cluster);
  await jar.signIn(person.email, person.password);
  return { person, jar };
}

/** A passkey that nobody can use, in the place of one that a browser made. */
const addRow = (id: string, user: string) =>
  cluster.sql(
    `insert into auth.passkey (id, name, public_key, user_id, credential_id, counter, device_type, backed_up)
     values ($1, 'Laptop', 'none', $2, $1, 0, 'singleDevice', false)`,
    [id, user],
  );

it('nobody sees, renames or removes a passkey of somebody else', async () => {
  const [berta, carla] = [await signedIn('Berta'), await signedIn('Carla')];
  await addRow('of-berta', berta.person.id);
  expect(await (await carla.jar.get('/api/auth/passkey/list-user-passkeys')).json()).toEqual([]);
  const renamed = await carla.jar.post('/api/auth/passkey/update-passkey', { id: 'of-berta', name: 'Mine' });
  expect(renamed.status).toBeGreaterThanOrEqual(400);
  const removed = await carla.jar.post('/api/auth/passkey/delete-passkey', { id: 'of-berta' });
  expect(removed.status).toBeGreaterThanOrEqual(400);
  expect(await cluster.sql('select name from auth.passkey where id = $1', ['of-berta'])).toEqual([{ name: 'Laptop' }]);
});

it.each([[''], ['   '], ['\u202Egnp.exe'], ['a\u0000b'], ['x'.repeat(101)]])('is not called %j', async (name) => {
  const { person, jar } = await signedIn('Dora');
  const id = `of-${person.id}`;
  await addRow(id, person.id);
  const answer = await jar.post('/api/auth/passkey/update-passkey', { id, name });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(await cluster.sql('select name from auth.passkey where id = $1', [id])).toEqual([{ name: 'Laptop' }]);
});

it('adding and removing one needs a proof of a short while ago; signing in by one that nobody has fails', async () => {
  const { person, jar } = await signedIn('Emil');
  await addRow('of-emil', person.id);
  expect((await jar.get('/api/auth/passkey/generate-register-options')).status).toBe(200);
  await cluster.sql(`update auth.session set authenticated_at = now() - interval '16 minutes' where user_id = $1`, [
    person.id,
  ]);
  await expectProblem(await jar.get('/api/auth/passkey/generate-register-options'), 'reauthentication-needed');
  await expectProblem(await jar.post('/api/auth/passkey/delete-passkey', { id: 'of-emil' }), 'reauthentication-needed');
  const stranger = new CookieJar(cluster);
  await expectProblem(await stranger.get('/api/auth/passkey/list-user-passkeys'), 'unauthenticated');
  await expectProblem(await stranger.get('/api/auth/passkey/generate-register-options'), 'unauthenticated');
  expect((await stranger.get('/api/auth/passkey/generate-authenticate-options')).status).toBe(200);
  await expectProblem(
    await stranger.post('/api/auth/passkey/verify-authentication', { response: { id: 'nobody' } }),
    'passkey-unknown',
  );
});
